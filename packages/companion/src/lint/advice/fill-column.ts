import type { Rewrite } from '../../kernel/finding.ts';
import { quoteIdentifier } from '../../sql/quote.ts';
import { type QualifiedName, quoteName } from '../facts/names.ts';
import type { SchemaFacts } from '../facts/schema-facts.ts';
import type { LintRunner } from '../migration.ts';
import { constraintName } from './constraint-name.ts';
import { singleKey } from './in-batches.ts';
import { laterMigration } from './later-migration.ts';

/** One batch is short enough for whoever waits for one of its rows. */
const BATCH = 10_000;

type Filled = {
  readonly table: QualifiedName;
  readonly column: string;
  /** SQL; null where only the user knows it. */
  readonly value: string | null;
  /** Tells the rows that still want it, where a value may be NULL. Default: those that have none. */
  readonly missing?: string;
};

/** Gives the rows that are there a value in a new column, some at a time. */
export function fillColumn(filled: Filled, facts: SchemaFacts): Rewrite {
  const { table, column, value } = filled;
  const key = singleKey(table, facts);
  const name = quoteName(table);
  const target = quoteIdentifier(column);
  const missing = filled.missing ?? `${target} IS NULL`;
  const parameter = key === null ? '$1' : '$3';
  const unknown = value === null ? ` and ${parameter} for the value` : '';
  const update = `UPDATE ${name} SET ${target} = ${value ?? parameter} WHERE`;
  if (key === null) {
    return {
      title: `in batches outside of migrations, until no row is updated${unknown}`,
      sql: `${update} ctid = ANY (ARRAY(SELECT ctid FROM ${name} WHERE ${missing} LIMIT ${BATCH}));`,
    };
  }
  const range = `${quoteIdentifier(key)} > $1 AND ${quoteIdentifier(key)} <= $2`;
  return {
    title: `in batches outside of migrations, with ${key} from $1 to $2${unknown}`,
    sql: `${update} ${range} AND ${missing};`,
  };
}

type Required = {
  /** `ALTER TABLE "users" `. */
  readonly head: string;
  readonly table: QualifiedName;
  readonly columns: readonly string[];
};

type Target = { readonly postgresVersion: number; readonly runner: LintRunner };

/** Makes columns NOT NULL without a long lock, once every row has a value: two migrations, or none for no columns. */
export function requireColumns(
  { head, table, columns }: Required,
  { postgresVersion, runner }: Target,
): readonly [Rewrite, Rewrite] | readonly [] {
  if (columns.length === 0) return [];
  const knowsNotValid = postgresVersion >= 18;
  const named = columns.map((column) => ({
    column: quoteIdentifier(column),
    name: quoteIdentifier(constraintName(table.name, [column], knowsNotValid ? 'not_null' : 'present')),
  }));
  const title = laterMigration(runner);
  return [
    {
      title,
      sql: named
        .map(({ name, column }) => {
          const constraint = knowsNotValid ? `NOT NULL ${column}` : `CHECK (${column} IS NOT NULL)`;
          return `${head}ADD CONSTRAINT ${name} ${constraint} NOT VALID;`;
        })
        .join('\n'),
    },
    {
      title,
      sql: [
        // All that is read is read before the first strong lock is taken.
        ...named.map(({ name }) => `${head}VALIDATE CONSTRAINT ${name};`),
        ...(knowsNotValid
          ? []
          : named.flatMap(({ name, column }) => [
              `${head}ALTER COLUMN ${column} SET NOT NULL;`,
              `${head}DROP CONSTRAINT ${name};`,
            ])),
      ].join('\n'),
    },
  ];
}
