import { quoteIdentifier, quoteLiteral } from '../../sql/quote.ts';
import { keyOfName, quoteName } from '../facts/names.ts';
import type { LintMigration, LintStatement } from '../migration.ts';
import { type Cast, type EnumRecreate, enumRecreates } from '../reading/enum-recreates.ts';
import type { TypeChange } from '../reading/type-changes.ts';
import type { Report, RuleContext } from '../rule.ts';
import { generateAgain } from './generate-again.ts';

/** An enum that is made anew, as one of its columns sees it. */
export type ColumnRecreate = {
  readonly recreate: EnumRecreate;
  /** drizzle-kit makes the column text and the enum anew, and turns the column back: is this one of the two? */
  readonly leg: 'away' | 'back' | null;
};

/** The enum may be made anew in an earlier migration of the deployment, and its columns moved one after the other. */
export function recreateOf(
  statement: LintStatement,
  change: TypeChange,
  migrations: readonly LintMigration[],
): ColumnRecreate | null {
  const { migration } = statement;
  const isOwn = ({ table, column }: Cast): boolean =>
    column === change.column && keyOfName(table) === keyOfName(change.table);
  const until = migrations.indexOf(migration);
  for (const [place, one] of migrations.slice(0, until + 1).entries()) {
    if (one.batch !== migration.batch || !one.statements.some(({ node }) => 'CreateEnumStmt' in node))
      continue;
    for (const recreate of enumRecreates(one, migrations.slice(place + 1))) {
      const [detour] = recreate.detours.filter(isOwn);
      if (detour?.statement === statement) return { recreate, leg: 'away' };
      if (recreate.casts.some((cast) => isOwn(cast) && cast.statement === statement))
        return { recreate, leg: detour === undefined ? null : 'back' };
    }
  }
  return null;
}

/** What there is besides: the table is written anew, however complete the steps are. */
export function adviseInstead(
  change: TypeChange,
  { recreate, leg }: ColumnRecreate,
  { facts }: Pick<RuleContext, 'facts'>,
): Pick<Report, 'hint' | 'rewrite'> {
  const old = (change.from === null ? null : facts.enum(change.from))?.values.map(({ value }) => value) ?? [];
  const gone = old.filter((value) => !recreate.values.includes(value));
  const more = recreate.values.filter((value) => !old.includes(value));
  if (old.length > 0 && gone.length === 0 && more.length === 0) {
    return {
      hint: `Only the order changes. Where nothing sorts by it, leave the type as it is: ${generateAgain('put the order of pgEnum back')}.`,
    };
  }
  if (old.length > 0 && gone.length === 0) {
    const type = quoteName(recreate.type);
    const add = more.map((value) => `ALTER TYPE ${type} ADD VALUE ${quoteLiteral(value)};`);
    return {
      hint: 'New values can be added to the type that is there, which is done in a moment.',
      rewrite: [{ title: 'this migration', sql: add.join('\n') }],
    };
  }
  const once =
    leg === 'away'
      ? ' Renaming the old type and moving the column straight to the new one writes it once.'
      : '';
  return {
    hint: `For a small table that is fine: allow it here, or name the table in smallTables.${once} For a large one ${keepValue(change, gone)}`,
  };
}

/** The way that writes no row: `For a large table` comes before it. */
export function keepValue({ column }: Pick<TypeChange, 'column'>, gone: readonly string[]): string {
  const [what, them] = gone.length > 1 ? ['the values', 'them'] : ['the value', 'it'];
  const values = gone.length === 0 ? '…' : gone.map(quoteLiteral).join(', ');
  const check = `CHECK (${quoteIdentifier(column)} NOT IN (${values}))`;
  return `keep ${what} in the type: ${generateAgain(`put ${what} back into pgEnum`)}. A check() in the schema, \`${check}\`, forbids ${them}: added NOT VALID it reads no row, and VALIDATE CONSTRAINT in a later migration reads while reads and writes go on.`;
}
