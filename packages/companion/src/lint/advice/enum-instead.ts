import type { ParseNode } from '../../sql/parser.ts';
import { quoteIdentifier, quoteLiteral } from '../../sql/quote.ts';
import { keyOfName, quoteName } from '../facts/names.ts';
import type { LintMigration, LintStatement } from '../migration.ts';
import { type Cast, type EnumRecreate, enumRecreates } from '../reading/enum-recreates.ts';
import type { TypeChange } from '../reading/type-changes.ts';
import type { Report, RuleContext } from '../rule.ts';
import { constraintName } from './constraint-name.ts';
import { laterMigration } from './later-migration.ts';

/** An enum that is made anew, as one of its columns sees it. */
export type ColumnRecreate = {
  readonly recreate: EnumRecreate;
  /** drizzle-kit makes the column text and the enum anew, and turns the column back: is this one of the two? */
  readonly leg: 'away' | 'back' | null;
};

export function recreateOf(
  statement: LintStatement,
  change: TypeChange,
  migrations: readonly LintMigration[],
): ColumnRecreate | null {
  const { migration } = statement;
  if (!migration.statements.some(({ node }) => 'CreateEnumStmt' in node)) return null;
  const later = migrations.slice(migrations.indexOf(migration) + 1);
  const isOwn = ({ table, column }: Cast): boolean =>
    column === change.column && keyOfName(table) === keyOfName(change.table);
  for (const recreate of enumRecreates(migration, later)) {
    const [detour] = recreate.detours.filter(isOwn);
    if (detour?.statement === statement) return { recreate, leg: 'away' };
    if (recreate.casts.some((cast) => isOwn(cast) && cast.statement === statement))
      return { recreate, leg: detour === undefined ? null : 'back' };
  }
  return null;
}

/** What takes values from the enum without writing a row; null where they are mapped to others. */
export function adviseInstead(
  change: TypeChange,
  { recreate }: ColumnRecreate,
  { facts, runner }: RuleContext,
): Pick<Report, 'hint' | 'rewrite'> | null {
  const mapped = recreate.casts.some(({ using }) => using !== null && !isCastOnly(using));
  const known = mapped || change.from === null ? null : facts.enum(change.from);
  if (known === null) return null;
  const old = known.values.map(({ value }) => value);
  const gone = old.filter((value) => !recreate.values.includes(value));
  const more = recreate.values.filter((value) => !old.includes(value));
  if (gone.length === 0 && more.length === 0)
    return { hint: 'Only the order changes: leave the type as it is.' };
  const type = quoteName(recreate.type);
  const add = more.map((value) => `ALTER TYPE ${type} ADD VALUE ${quoteLiteral(value)};`);
  if (gone.length === 0) {
    return {
      hint: 'New values can be added to the type that is there, which is done in a moment.',
      rewrite: [{ title: 'this migration', sql: add.join('\n') }],
    };
  }
  const name = quoteIdentifier(constraintName(change.table.name, [change.column], 'check'));
  const table = quoteName(change.table);
  const values = gone.map(quoteLiteral).join(', ');
  const check = `CHECK (${quoteIdentifier(change.column)} NOT IN (${values})) NOT VALID`;
  return {
    hint: 'A value that is no longer wanted can stay in the type, and in pgEnum. A CHECK forbids it: NOT VALID it reads no row, and VALIDATE CONSTRAINT in a later migration reads while reads and writes go on.',
    rewrite: [
      {
        title: 'this migration',
        sql: [...add, `ALTER TABLE ${table} ADD CONSTRAINT ${name} ${check};`].join('\n'),
      },
      { title: laterMigration(runner), sql: `ALTER TABLE ${table} VALIDATE CONSTRAINT ${name};` },
    ],
  };
}

function isCastOnly(expression: ParseNode): boolean {
  if ('TypeCast' in expression)
    return expression.TypeCast.arg !== undefined && isCastOnly(expression.TypeCast.arg);
  return 'ColumnRef' in expression;
}
