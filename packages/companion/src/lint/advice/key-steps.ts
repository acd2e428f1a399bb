import type { Rewrite } from '../../kernel/finding.ts';
import { quoteIdentifier } from '../../sql/quote.ts';
import { namesOf } from '../facts/alter-commands.ts';
import { type QualifiedName, quoteName } from '../facts/names.ts';
import { withPartitions } from '../facts/relation-lock.ts';
import type { IndexFacts, SchemaFacts } from '../facts/schema-facts.ts';
import type { LintStatement } from '../migration.ts';
import { constraintName } from './constraint-name.ts';
import type { AddedKey } from './keys-added.ts';

type Steps = {
  readonly outside: string;
  readonly facts: SchemaFacts;
  /** A constraint that gives way to the key, in the statement that adds it. */
  readonly replaced?: string | null;
};

/** The key by way of an index that is built concurrently: the index, then the constraint that takes it over. */
export function keySteps(
  statement: LintStatement,
  key: AddedKey,
  { outside, facts, replaced = null }: Steps,
): readonly Rewrite[] {
  if (facts.table(key.table)?.partitioned)
    return replaced === null ? partitionedKeySteps(statement, key, { outside, facts }) : [];
  const ready = indexFor(key, facts);
  if (ready !== null)
    return [{ title: 'this migration', sql: takeOver(key, key.table, ready.name.name, replaced) }];
  // The index of the old key has its name until that is dropped.
  const index = replaced === key.name ? constraintName(key.name, [], 'new') : key.name;
  return [
    { title: outside, sql: buildIndex(statement, { ...key, name: index }, key.table) },
    { title: 'a later migration', sql: takeOver(key, key.table, index, replaced) },
  ];
}

/** A unique index over just these columns that is there already. */
export function indexFor({ table, columns, node }: AddedKey, facts: SchemaFacts): IndexFacts | null {
  if (node.including !== undefined || node.nulls_not_distinct) return null;
  const wanted = JSON.stringify(columns);
  return (
    facts
      .indexesOf(table)
      .find(({ unique, partial, columns: has }) => unique && !partial && JSON.stringify(has) === wanted) ??
    null
  );
}

/** PostgreSQL knows no USING INDEX for a partitioned table; the parent's key adopts those of its partitions. */
function partitionedKeySteps(
  statement: LintStatement,
  key: AddedKey,
  { outside, facts }: Steps,
): readonly Rewrite[] {
  const below = withPartitions(key.table, facts).slice(1);
  // A partition that has partitions would need the same once more.
  if (below.some((name) => facts.table(name)?.partitioned)) return [];
  const nameOn = (name: QualifiedName) =>
    [name.name, ...(isPrimary(key) ? ['pkey'] : [...key.columns, 'key'])].join('_');
  const only = `ALTER TABLE ONLY ${quoteName(key.table)} ADD CONSTRAINT ${quoteIdentifier(key.name)} ${definition(statement, key)};`;
  const joined = below.flatMap((name) => [
    takeOver(key, name, nameOn(name)),
    `ALTER INDEX ${quoteName({ schema: key.table.schema, name: key.name })} ATTACH PARTITION ${quoteName({ schema: name.schema, name: nameOn(name) })};`,
  ]);
  return [
    ...below.map((name) => ({
      title: outside,
      sql: buildIndex(statement, { ...key, name: nameOn(name) }, name),
    })),
    { title: 'a later migration', sql: [only, ...joined].join('\n') },
  ];
}

function buildIndex(statement: LintStatement, key: AddedKey, table: QualifiedName): string {
  return `CREATE UNIQUE INDEX CONCURRENTLY ${quoteIdentifier(key.name)} ON ${quoteName(table)} ${indexBody(statement, key)};`;
}

function takeOver(
  key: AddedKey,
  table: QualifiedName,
  index: string,
  replaced: string | null = null,
): string {
  const drop = replaced === null ? '' : `DROP CONSTRAINT ${quoteIdentifier(replaced)}, `;
  // In the key's own table the constraint bears the key's name; in a partition, that of the index.
  const name = table === key.table ? key.name : index;
  const deferrable = key.deferrable === null ? '' : ` ${key.deferrable}`;
  return `ALTER TABLE ${quoteName(table)} ${drop}ADD CONSTRAINT ${quoteIdentifier(name)} ${kindOf(key)} USING INDEX ${quoteIdentifier(index)}${deferrable};`;
}

function definition(statement: LintStatement, key: AddedKey): string {
  const nulls = key.node.nulls_not_distinct ? ' NULLS NOT DISTINCT' : '';
  const deferrable = key.deferrable === null ? '' : ` ${key.deferrable}`;
  return `${kindOf(key)}${nulls} ${listOf(key.columns)}${including(key)}${storage(statement, key)}${deferrable}`;
}

function indexBody(statement: LintStatement, key: AddedKey): string {
  const { indexspace, nulls_not_distinct } = key.node;
  const nulls = nulls_not_distinct ? ' NULLS NOT DISTINCT' : '';
  const space = indexspace ? ` TABLESPACE ${quoteIdentifier(indexspace)}` : '';
  return `${listOf(key.columns)}${including(key)}${nulls}${storage(statement, key)}${space}`;
}

function including({ node }: AddedKey): string {
  const columns = namesOf(node.including);
  return columns.length === 0 ? '' : ` INCLUDE ${listOf(columns)}`;
}

/** `WITH (fillfactor = 70)`, as it is written. */
function storage(statement: LintStatement, { node }: AddedKey): string {
  const [option] = node.options ?? [];
  if (option === undefined || !('DefElem' in option)) return '';
  const from = statement.offsetOf(option.DefElem.location);
  const closing = statement.tokens().find(({ text, start }) => text === ')' && start > from);
  if (closing === undefined) return '';
  return ` WITH (${statement.text.slice(from - statement.start, closing.end - statement.start)}`;
}

function kindOf(key: AddedKey): string {
  return isPrimary(key) ? 'PRIMARY KEY' : 'UNIQUE';
}

function isPrimary({ node }: AddedKey): boolean {
  return node.contype === 'CONSTR_PRIMARY';
}

function listOf(columns: readonly string[]): string {
  return `(${columns.map(quoteIdentifier).join(', ')})`;
}
