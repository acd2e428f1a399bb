import { expect, test } from 'vitest';
import { renderPage } from './render-page.ts';
import { LOG, TERMINAL } from './test-samples.ts';

const PAGE = `# lint/truncate

TRUNCATE empties a table.

## What happens

It takes \`ACCESS EXCLUSIVE\`; see [locks](../locks.md) and the words behind them, which go on and on until the line is full.

- A point that is a long one, and goes on behind the end of the line, as points sometimes do.

<!-- measured -->

| | a |
| --- | --- |

## Bad

\`\`\`sql before
CREATE TABLE a ();
\`\`\`

\`\`\`sql bad fails=42601
TRUNCATE [a](b);
\`\`\`
`;

test('a page on a terminal: no links, no fences, no comments, and lines that fit', () => {
  expect(renderPage(PAGE, TERMINAL)).toMatchInlineSnapshot(`
    "lint/truncate

    TRUNCATE empties a table.

    What happens

    It takes \`ACCESS EXCLUSIVE\`; see locks and the words behind them, which go on
    and on until the line is full.

    - A point that is a long one, and goes on behind the end of the line, as
      points sometimes do.

    | | a |
    | --- | --- |

    Bad

    before:

        CREATE TABLE a ();

        TRUNCATE [a](b);
    "
  `);
});

test('what is made before an example says so', () => {
  expect(renderPage(PAGE, LOG)).toContain('before:\n\n    CREATE TABLE a ();\n');
});
