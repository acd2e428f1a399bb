import { cutMiddle, pad, visibleWidth } from './text-layout.ts';

export type Column = {
  readonly title: string;
  /** Narrower than this it is not made; columns without it are never cut. */
  readonly shrinkTo?: number;
  readonly align?: 'right';
};

export type Cell = {
  readonly text: string;
  /** Put on after cutting, so that escapes are never cut through. */
  readonly paint?: (text: string) => string;
};

type TableInput = {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  readonly width: number;
  readonly indent: string;
  readonly paintTitle: (text: string) => string;
};

const GAP = '  ';

/** An aligned table. Columns that are empty in all rows are left out; cut is only what does not fit. */
export function renderTable({ columns, rows, width, indent, paintTitle }: TableInput): string {
  const used = columns.flatMap((column, index) =>
    rows.some((row) => row[index]?.text) ? [{ column, index }] : [],
  );
  const natural = used.map(({ column, index }) =>
    Math.max(visibleWidth(column.title), ...rows.map((row) => visibleWidth(row[index]?.text ?? ''))),
  );
  const room = width - indent.length - GAP.length * (used.length - 1);
  const widths = shrink(
    natural,
    used.map(({ column }) => column.shrinkTo),
    room,
  );
  const renderRow = (cells: readonly (Cell | undefined)[]): string => {
    const parts = used.map(({ column, index }, place) => {
      const cell = cells[index];
      const columnWidth = widths[place] ?? 0;
      const text = cutMiddle(cell?.text ?? '', columnWidth);
      const painted = cell?.paint?.(text) ?? text;
      const gap = ' '.repeat(columnWidth - visibleWidth(text));
      return column.align === 'right' ? gap + painted : painted + gap;
    });
    return (indent + parts.join(GAP)).trimEnd();
  };
  const titles = columns.map(({ title }) => ({ text: title, paint: paintTitle }));
  return [titles, ...rows].map(renderRow).join('\n');
}

/** Takes from the widest column that may still give, until the table fits or nobody can. */
function shrink(
  natural: readonly number[],
  floors: readonly (number | undefined)[],
  room: number,
): readonly number[] {
  const widths = [...natural];
  let excess = widths.reduce((sum, width) => sum + width, 0) - room;
  while (excess > 0) {
    let widest = -1;
    for (const [index, width] of widths.entries()) {
      const floor = floors[index];
      if (floor !== undefined && width > floor && width > (widths[widest] ?? 0)) widest = index;
    }
    if (widest < 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess -= 1;
  }
  return widths;
}

/** Labels and values under each other; values may have been wrapped to `indent + labelWidth` already. */
export function renderPairs(
  pairs: readonly (readonly [label: string, value: string])[],
  indent: string,
): string {
  const labelWidth = Math.max(...pairs.map(([label]) => visibleWidth(label)));
  return pairs.map(([label, value]) => `${indent}${pad(label, labelWidth)}${GAP}${value}`).join('\n');
}
