import { defineRule } from '../rule.ts';

const BYTE_ORDER_MARK = '\ufeff';

/** What the parser cannot read is told by the linter itself, which knows it before any rule does. */
export const syntaxError = defineRule({
  id: 'syntax-error',
  family: 'linter',
  level: 'error',
  title: 'A statement that PostgreSQL cannot read',
  migration({ sql, statements: [statement] }, { runner }) {
    // Our runner does not send it.
    if (runner === 'companion' || !sql.startsWith(BYTE_ORDER_MARK) || statement === undefined) return [];
    return [
      {
        statement,
        at: { start: 0, end: statement.end },
        message:
          'The file begins with a byte order mark, which stock drizzle sends along with the first statement, and PostgreSQL cannot read (42601). The migration would fail here.',
        hint: 'Save the file as UTF-8 without a byte order mark.',
        edits: [{ start: 0, end: BYTE_ORDER_MARK.length, text: '' }],
      },
    ];
  },
});
