import { rewritten } from '../advice/edits.ts';
import type { LintStatement } from '../migration.ts';
import { type SettingChange, settingChanges } from '../reading/setting-changes.ts';
import { defineRule, type Edit } from '../rule.ts';

export const setLocalWithoutTransaction = defineRule({
  id: 'set-local-without-transaction',
  family: 'transactions',
  level: 'warning',
  title: 'SET LOCAL in a migration that runs without a transaction sets nothing for the statements behind it',
  statement(statement) {
    const { migration, transaction, nested } = statement;
    // A block is one statement, for which LOCAL holds.
    if (transaction !== null || nested) return [];
    const change = settingChanges(statement).find(({ local }) => local);
    if (change === undefined) return [];
    const edit = withoutLocal(change, statement);
    const name = change.name === 'transaction' ? 'the characteristics of the transaction' : change.name;
    const why = migration.reason === undefined ? '' : `: ${migration.reason}`;
    return [
      {
        statement,
        message: `The migration runs without a transaction${why}. LOCAL ends with the statement's own, so that ${name} is set for none of the statements behind it.`,
        hint:
          edit === null
            ? 'Write it between BEGIN and COMMIT, with the statements that it is meant for.'
            : 'Leave LOCAL out. drizzle-companion sets its time-outs anew for the next migration; RESET anything else behind the last statement.',
        ...(edit === null
          ? {}
          : { rewrite: [{ title: 'this migration', sql: rewritten(statement, [edit]) }], edits: [edit] }),
      },
    ];
  },
});

function withoutLocal({ localFlag, name }: SettingChange, statement: LintStatement): Edit | null {
  if (name === 'transaction') return null;
  const tokens = statement.tokens().filter(({ comment }) => !comment);
  if (localFlag !== undefined) {
    const flag = tokens.find(({ start }) => start === statement.offsetOf(localFlag));
    return flag === undefined ? null : { start: flag.start, end: flag.end, text: 'false' };
  }
  const place = tokens.findIndex(({ keyword }) => keyword === 'local');
  const local = tokens[place];
  const next = tokens[place + 1];
  return local === undefined || next === undefined ? null : { start: local.start, end: next.start, text: '' };
}
