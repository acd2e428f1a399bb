import type { Culprit } from '../../kernel/errors.ts';
import type { Style } from './output.ts';
import { renderDuration } from './render-duration.ts';
import { renderTable } from './render-table.ts';
import { cutEnd, toOneLine } from './text-layout.ts';

const INDENT = '  ';

/** The sessions that are in the way, each with where it comes from and its query underneath. */
export function renderCulprits(culprits: readonly Culprit[], style: Style): string {
  const { paint, width } = style;
  const columns = [
    { title: 'pid' },
    { title: 'user' },
    { title: 'application', shrinkTo: 8 },
    { title: 'state' },
    { title: 'age' },
    { title: 'holds', shrinkTo: 12 },
  ];
  const rows = culprits.map((culprit) =>
    [
      `${culprit.pid}`,
      culprit.user ?? '',
      culprit.application,
      culprit.state ?? 'unknown',
      culprit.ageMs === null ? 'unknown' : renderDuration(culprit.ageMs),
      culprit.relation ?? '',
    ].map((text) => ({ text: toOneLine(text) })),
  );
  const [title = '', ...lines] = renderTable({
    columns,
    rows,
    width,
    indent: INDENT,
    paintTitle: paint.dim,
  }).split('\n');
  const blocks = lines.map((line, index) => {
    const { client = '', query = '' } = culprits[index] ?? {};
    const said = [`from ${client}`, toOneLine(query)].filter((part) => part !== '').join(': ');
    return `${line}\n${INDENT}  ${paint.dim(cutEnd(said, width - 4))}`;
  });
  return [title, ...blocks].join('\n');
}

/** One session in half a line, for progress: `pid 4711 (app, psql, 10.0.0.7)`. */
export function renderCulpritBriefly({ pid, user, application, client }: Culprit): string {
  const who = [user ?? '', application, client].map(toOneLine).filter((part) => part !== '');
  return `pid ${pid} (${who.join(', ')})`;
}
