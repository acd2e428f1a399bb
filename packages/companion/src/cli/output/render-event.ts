import type { StepReport } from '../../kernel/report.ts';
import type { RunEvent } from '../../kernel/run-event.ts';
import { statementTitle } from '../../sql/statement-title.ts';
import type { Style } from './output.ts';
import { renderCulpritBriefly } from './render-culprits.ts';
import { renderDatabase } from './render-database.ts';
import { renderDuration } from './render-duration.ts';
import { renderFindings } from './render-finding.ts';
import { renderShadowEvent } from './render-shadow-event.ts';
import { renderSqlstate } from './sqlstate-names.ts';
import { count } from './text-layout.ts';

/** One event as text for a log, '' when it is not worth a line. Never ends with a line end. */
export function renderEvent(event: RunEvent, style: Style): string {
  const { paint } = style;
  switch (event.type) {
    case 'connect-retry': {
      const delay = renderDuration(event.delayMs);
      return paint.yellow(`database not reachable yet (${event.reason}); trying again in ${delay}`);
    }
    case 'connected':
      return renderDatabase(event.database, style);
    case 'reading-files':
    case 'shadow-start':
    case 'shadow-ready':
      return style.verbose ? paint.dim(renderShadowEvent(event)) : '';
    case 'lock-wait': {
      const holder = event.holder === null ? '' : `, ${renderCulpritBriefly(event.holder)}`;
      return paint.yellow(`waiting for another runner${holder}`);
    }
    case 'finding':
      return renderFindings([event.finding], style);
    case 'planned': {
      if (event.steps === 0) return `${count(event.applied, 'migration')} already applied`;
      return `${count(event.steps, 'migration')} to apply, ${event.applied} already applied`;
    }
    case 'ledger-upgraded':
      return `ledger upgraded to version 1, ${count(event.rows, 'row')}`;
    case 'step-start': {
      const { name, index, steps, statements, transaction, resumedAfter } = event;
      const resumed = resumedAfter === 0 ? '' : `, resumed after statement ${resumedAfter}`;
      const mode = transaction ? '' : ', no transaction';
      return `applying ${name} (${index}/${steps}, ${count(statements, 'statement')}${mode}${resumed})`;
    }
    case 'rehearsal-step':
      return style.verbose ? paint.dim(`rehearsing ${event.name} (${event.index}/${event.steps})`) : '';
    case 'statement-done':
      return style.verbose
        ? paint.dim(`  ${event.name} ${event.done}/${event.statements} ${statementTitle(event.sql)}`)
        : '';
    case 'step-retry': {
      const blockers = event.culprits.map((culprit) => `\n  blocked by ${renderCulpritBriefly(culprit)}`);
      const delay = renderDuration(event.delayMs);
      const what = `${event.name} rolled back on ${renderSqlstate(event.sqlstate)}`;
      return paint.yellow(`${what}; try ${event.attempt + 1} in ${delay}${blockers.join('')}`);
    }
    case 'invalid-index-dropped':
      return `dropped the invalid index ${event.index}, left by a broken build of ${event.name}`;
    case 'step-end':
      return renderStepEnd(event.step, style);
  }
}

function renderStepEnd(step: StepReport, { paint, symbols }: Style): string {
  const facts = [count(step.statements, 'statement'), renderDuration(step.durationMs)];
  if (step.attempts > 1) facts.push(`${step.attempts} attempts`);
  const words = { done: 'applied', failed: 'failed', 'not-run': 'not run' };
  const marks = { done: paint.green('✓'), failed: paint.red('✗'), 'not-run': paint.dim('○') };
  const mark = symbols ? marks[step.state] : words[step.state];
  return `${mark} ${step.name} ${paint.dim(`(${facts.join(', ')})`)}`;
}
