import { expect, test } from 'vitest';
import { renderTable } from './render-table.ts';

const columns = [
  { title: 'name', shrinkTo: 10 },
  { title: 'nothing' },
  { title: 'took', align: 'right' as const },
  { title: 'note', shrinkTo: 6 },
];
const rows = [
  ['0000_a_name_that_is_long_enough', '', '12 ms', ''],
  ['0001_b', '', '1 ms', 'a longer note'],
].map((row) => row.map((text) => ({ text, paint: (shown: string) => `<${shown}>` })));

const render = (width: number) =>
  renderTable({
    columns,
    rows: rows.map((row) => row.map(({ text }) => ({ text }))),
    width,
    indent: '  ',
    paintTitle: (title) => title,
  });

test('columns that hold nothing are left out, and nothing is cut that fits', () => {
  expect(render(80)).toMatchInlineSnapshot(`
    "  name                              took  note
      0000_a_name_that_is_long_enough  12 ms
      0001_b                            1 ms  a longer note"
  `);
});

test('what does not fit is taken from the widest column, in the middle', () => {
  expect(render(36)).toMatchInlineSnapshot(`
    "  name           took  note
      0000_a…nough  12 ms
      0001_b         1 ms  a longer note"
  `);
});

test('no column becomes narrower than it may', () => {
  expect(render(10)).toMatchInlineSnapshot(`
    "  name         took  note
      0000_…ough  12 ms
      0001_b       1 ms  a l…te"
  `);
});

test('paint is put around the text as it is shown', () => {
  const table = renderTable({ columns, rows, width: 36, indent: '', paintTitle: (title) => title });
  expect(table.split('\n')[1]).toMatchInlineSnapshot(`"<0000_a_…enough>  <12 ms>  <>"`);
});
