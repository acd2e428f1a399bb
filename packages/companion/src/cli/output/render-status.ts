import type { ComparedMigration, MigrationState, Stray } from '../../kernel/comparison.ts';
import type { StatusReport } from '../../kernel/status.ts';
import type { Style } from './output.ts';
import type { Color } from './paint.ts';
import { renderDatabase } from './render-database.ts';
import { renderDuration } from './render-duration.ts';
import { renderFindings } from './render-finding.ts';
import { renderPath } from './render-path.ts';
import { type Cell, renderPairs, renderTable } from './render-table.ts';
import { count, visibleWidth, wrap } from './text-layout.ts';

type Look = { readonly symbol: string; readonly color: Color };

const LOOKS: Readonly<Record<MigrationState | Stray['state'], Look>> = {
  applied: { symbol: '✓', color: 'green' },
  retimed: { symbol: '✓', color: 'yellow' },
  pending: { symbol: '○', color: 'cyan' },
  gap: { symbol: '!', color: 'yellow' },
  edited: { symbol: '✗', color: 'red' },
  stray: { symbol: '?', color: 'red' },
  ahead: { symbol: '?', color: 'yellow' },
  duplicate: { symbol: '?', color: 'yellow' },
};

/** The whole picture: where we looked, every migration, rows without a file, findings, the sum. */
export function renderStatus(report: StatusReport, style: Style): string {
  const { comparison } = report;
  const blocks = [renderHeadline(report, style)];
  if (comparison.migrations.length > 0) blocks.push(renderMigrations(report, style));
  if (comparison.strays.length > 0) blocks.push(renderStrays(comparison.strays, style));
  const findings = renderFindings(comparison.findings, style);
  if (findings !== '') blocks.push(findings);
  blocks.push(renderSummary(report, style));
  return `${blocks.join('\n\n')}\n`;
}

function renderHeadline({ database, ledger, folder, comparison }: StatusReport, style: Style): string {
  const { paint } = style;
  const rows =
    ledger.version === null
      ? 'not there yet'
      : `version ${ledger.version}, ${count(ledger.rows.length, 'row')}`;
  const migrations = count(comparison.migrations.length, 'migration');
  return renderPairs(
    [
      [paint.dim('database'), renderDatabase(database, style)],
      [paint.dim('ledger'), `${ledger.schema}.${ledger.table} ${paint.dim(`(${rows})`)}`],
      [
        paint.dim('folder'),
        `${renderPath(folder.path, style.cwd)} ${paint.dim(`(${folder.layout}, ${migrations})`)}`,
      ],
    ],
    '',
  );
}

function renderMigrations({ comparison, facts }: StatusReport, { paint, width, symbols }: Style): string {
  const notes = comparison.migrations.map((compared) =>
    noteFor(compared, facts.get(compared.migration.name)),
  );
  const rows = comparison.migrations.map(({ migration, state, row }, index): Cell[] => {
    // A record of the same name may be another project's, or of a run that was undone.
    const fact = row === null ? undefined : facts.get(migration.name);
    const look = LOOKS[state];
    const appliedAt =
      state === 'pending' || state === 'gap' ? null : (row?.appliedAt ?? fact?.finishedAt ?? null);
    const took = fact?.finishedAt == null ? null : fact.durationMs;
    return [
      { text: symbols ? look.symbol : '', paint: paint[look.color] },
      { text: migration.name },
      { text: state, paint: paint[look.color] },
      { text: appliedAt === null ? '' : renderMoment(appliedAt), paint: paint.dim },
      { text: took === null ? '' : renderDuration(took), paint: paint.dim },
      { text: notes[index] ?? '', paint: paint.yellow },
    ];
  });
  const columns = [
    { title: '' },
    { title: 'migration', shrinkTo: 20 },
    { title: 'state' },
    { title: 'applied at (UTC)' },
    { title: 'took', align: 'right' as const },
    { title: 'note' },
  ];
  const layout = { columns, rows, indent: '', paintTitle: paint.dim };
  const wide = renderTable({ ...layout, width: Number.POSITIVE_INFINITY });
  if (wide.split('\n').every((line) => visibleWidth(line) <= width)) return wide;
  // A note is worth more than a column of its own: under its migration, neither has to be cut for the other.
  const withoutNotes = rows.map((row) => row.slice(0, -1));
  const [title = '', ...lines] = renderTable({ ...layout, rows: withoutNotes, width }).split('\n');
  const blocks = lines.map((line, index) => {
    const note = notes[index];
    return note ? `${line}\n     ${paint.yellow(wrap(note, { width, indent: '     ' }))}` : line;
  });
  return [title, ...blocks].join('\n');
}

type Fact = ReturnType<StatusReport['facts']['get']>;

function noteFor({ state, stockDrizzle }: ComparedMigration, fact: Fact): string {
  const notes: string[] = [];
  if (fact !== undefined && fact.finishedAt === null) {
    const { statementsDone: done, statements, inFlight } = fact;
    notes.push(
      `stopped ${inFlight ? `inside statement ${done + 1}` : `after statement ${done}`} of ${statements}`,
    );
  }
  if (stockDrizzle === 'would-skip') notes.push('drizzle-kit would skip it');
  if (stockDrizzle === 'would-apply' && state !== 'pending' && state !== 'gap') {
    notes.push('drizzle-kit would apply it again');
  }
  return notes.join('; ');
}

function renderStrays(strays: readonly Stray[], { paint, width, symbols }: Style): string {
  const rows = strays.map(({ row, state }): Cell[] => [
    { text: symbols ? LOOKS[state].symbol : '', paint: paint[LOOKS[state].color] },
    { text: `row ${row.id}` },
    { text: state, paint: paint[LOOKS[state].color] },
    {
      text: row.createdAt === null ? '' : renderMoment(new Date(row.createdAt).toISOString()),
      paint: paint.dim,
    },
    { text: row.name ?? '' },
    // Twelve digits tell rows apart for people; a log keeps what can be searched for.
    { text: symbols ? row.hash.slice(0, 12) : row.hash, paint: paint.dim },
  ]);
  const columns = [
    { title: '' },
    { title: 'no file' },
    { title: 'state' },
    { title: 'created_at (UTC)' },
    { title: 'name', shrinkTo: 12 },
    { title: 'hash' },
  ];
  return renderTable({ columns, rows, width, indent: '', paintTitle: paint.dim });
}

function renderSummary({ comparison: { summary } }: StatusReport, { paint }: Style): string {
  const parts = (['applied', 'pending', 'gap', 'edited', 'retimed', 'stray', 'ahead', 'duplicate'] as const)
    .filter((state) => state === 'applied' || summary[state] > 0)
    .map((state) => paint[LOOKS[state].color](`${summary[state]} ${state}`));
  return parts.join(', ');
}

/** ISO 8601 to the second, without what the column's title says already. */
function renderMoment(iso: string): string {
  const moment = new Date(iso);
  return Number.isNaN(moment.getTime()) ? iso : moment.toISOString().slice(0, 19).replace('T', ' ');
}
