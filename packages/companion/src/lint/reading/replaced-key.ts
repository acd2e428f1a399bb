import { alterTableCommands } from '../facts/alter-commands.ts';
import { keyOfName, nameOfRelation, type QualifiedName } from '../facts/names.ts';
import type { ConstraintKind, SchemaFacts } from '../facts/schema-facts.ts';
import type { LintMigration, LintStatement } from '../migration.ts';
import { earlierInTransaction } from './same-transaction.ts';

type Dropped = { readonly table: string; readonly name: string; readonly kind: ConstraintKind | null };

/** By statement, because what it drops is known only before it has. */
const noted = new WeakMap<LintStatement, readonly Dropped[]>();

/** Keeps which constraints the statement drops; to be called while the facts are those before it. */
export function noteDropped(statement: LintStatement, facts: SchemaFacts): void {
  const dropped = alterTableCommands(statement.node).flatMap(({ subtype, name, relation }) => {
    if (subtype !== 'AT_DropConstraint' || name === undefined) return [];
    const table = nameOfRelation(relation);
    const kind = facts.table(table)?.constraints.get(name)?.kind ?? null;
    return [{ table: keyOfName(table), name, kind }];
  });
  if (dropped.length > 0) noted.set(statement, dropped);
}

type Added = { readonly table: QualifiedName; readonly name: string; readonly isPrimary: boolean };

/** The constraint that goes in the same transaction and gives way to this key; null for none. */
export function replacedBy(
  { table, name, isPrimary }: Added,
  statement: LintStatement,
  migrations: readonly LintMigration[],
): string | null {
  const key = keyOfName(table);
  const dropped = [...earlierInTransaction(statement, migrations), statement]
    .filter(({ migration, nested }) => migration === statement.migration && nested === statement.nested)
    .flatMap((one) => noted.get(one) ?? [])
    .filter((one) => one.table === key);
  const found = dropped.find(
    (one) =>
      one.name === name ||
      // A table has one primary key, whatever it is called.
      (isPrimary && (one.kind === 'primary key' || one.name === `${table.name}_pkey`)),
  );
  return found?.name ?? null;
}
