import { type MigratePlan, type PlanStep, statementsOf } from '../../kernel/plan.ts';
import type { StatusReport } from '../../kernel/status.ts';
import { statementTitle } from '../../sql/statement-title.ts';
import type { Style } from './output.ts';
import { renderDatabase } from './render-database.ts';
import { renderFindings } from './render-finding.ts';
import { renderTable } from './render-table.ts';
import { count, cutEnd, wrap } from './text-layout.ts';

const INDENT = ' '.repeat(6);

type PlanInput = { readonly plan: MigratePlan; readonly status: StatusReport };

/** What `migrate` would do, in the order in which it would do it. */
export function renderPlan({ plan, status }: PlanInput, style: Style): string {
  const blocks = [renderDatabase(status.database, style)];
  const findings = renderFindings([...plan.refusals, ...plan.findings], style);
  if (findings !== '') blocks.push(findings);
  if (plan.steps.length > 0) blocks.push(renderSteps(plan.steps, style));
  blocks.push(renderVerdict(plan, status));
  return `${blocks.join('\n\n')}\n`;
}

function renderSteps(steps: readonly PlanStep[], { paint, width, verbose }: Style): string {
  const rows = steps.map((step) => [
    { text: step.migration.name },
    { text: count(statementsOf(step.units).length, 'statement') },
  ]);
  const columns = [{ title: 'migration', shrinkTo: 20 }, { title: 'statements' }];
  const table = renderTable({ columns, rows, width, indent: '  ', paintTitle: paint.dim });
  const [title = '', ...lines] = table.split('\n');
  const blocks = steps.map((step, index) => {
    const below = verbose
      ? statementsOf(step.units).map(({ text }) => paint.dim(cutEnd(statementTitle(text), width - 6)))
      : [];
    if (!step.transaction) below.unshift(paint.yellow(wrap(describeMode(step), { width, indent: INDENT })));
    return [lines[index], ...below.map((line) => INDENT + line)].join('\n');
  });
  return [title, ...blocks].join('\n');
}

function describeMode({ reason }: PlanStep): string {
  return reason === undefined ? 'no transaction' : `no transaction: ${reason}`;
}

function renderVerdict(plan: MigratePlan, { comparison: { summary } }: StatusReport): string {
  if (plan.refusals.length > 0) return 'migrate would refuse; nothing was changed.';
  const applied = count(summary.applied + summary.retimed, 'migration');
  if (plan.steps.length === 0) return `Nothing to apply; ${applied} applied.`;
  const how = plan.singleTransaction ? ', all in one transaction' : '';
  return `migrate would apply ${count(plan.steps.length, 'migration')}${how}; nothing was changed.`;
}
