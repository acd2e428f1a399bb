import type { Rewrite } from '../../kernel/finding.ts';
import { quoteIdentifier } from '../../sql/quote.ts';
import { constraintName } from '../advice/constraint-name.ts';
import { laterMigration } from '../advice/later-migration.ts';
import { boundCondition, partitionKey } from '../advice/partition-bound.ts';
import { alterTableCommands } from '../facts/alter-commands.ts';
import { type QualifiedName, quoteName, showName } from '../facts/names.ts';
import type { SchemaFacts } from '../facts/schema-facts.ts';
import type { LintStatement } from '../migration.ts';
import { checkColumns } from '../reading/check-columns.ts';
import { defaultPartition, type NewPartition, newPartitions } from '../reading/default-partition.ts';
import { isInUse } from '../reading/in-use.ts';
import { standalone } from '../reading/standalone.ts';
import { defineRule, type Report, type RuleContext } from '../rule.ts';

export const attachPartitionNeedsCheck = defineRule({
  id: 'attach-partition-needs-check',
  family: 'locking',
  level: 'warning',
  title: 'A table is read under a strong lock to prove that its rows fit the bounds of a partition',
  statement(statement, context) {
    return newPartitions(statement).flatMap((added) => {
      const { parent, bound, name } = added;
      const { facts } = context;
      if (!isInUse(parent, statement, facts)) return [];
      const key = partitionKey(parent, facts);
      const self = added.attached && isRead(name, { statement, key, bound }, facts) ? name : null;
      const known = bound.is_default === true ? null : defaultPartition(parent, statement, context);
      const fallback = known !== null && isRead(known, { statement, key, bound: null }, facts) ? known : null;
      const rewrite = checkFirst(added, { self, fallback }, { statement, context });
      const advice = rewrite === null ? {} : { rewrite };
      return [
        ...(self === null ? [] : [{ ...reportPartition(added, { statement, context }), ...advice }]),
        ...(fallback === null
          ? []
          : [{ ...reportDefault(added, fallback, { statement, context }), ...advice }]),
      ];
    });
  },
});

type Wanted = {
  readonly statement: LintStatement;
  readonly key: readonly string[] | null;
  /** null for what must not be in the default partition. */
  readonly bound: NewPartition['bound'] | null;
};

/** Has it rows that PostgreSQL must read, or a CHECK that tells it enough? Whether that is the right one, it will find out. */
function isRead(name: QualifiedName, { statement, key, bound }: Wanted, facts: SchemaFacts): boolean {
  if (!isInUse(name, statement, facts)) return false;
  const table = facts.table(name);
  // What must not be in a default partition is what all the others take: no CHECK that is worth writing says it.
  if (bound?.is_default === true) return true;
  const known = [...(table?.constraints.values() ?? [])].filter(
    ({ kind, validated }) => kind === 'check' && validated,
  );
  const columns = known.map(checkColumns);
  const isTold =
    key === null
      ? known.length > 0
      : key.every((column) => columns.some((named) => named === null || named.includes(column)));
  // A bound leaves out nulls, and the CHECK must, too.
  const isNullable = (key ?? []).some(
    (column) => table?.columns.has(column) && !facts.isProvenNotNull(name, column),
  );
  const takesNull = (bound?.listdatums ?? []).some(
    (value) => 'A_Const' in value && value.A_Const.isnull === true,
  );
  return !isTold || (bound !== null && isNullable && !takesNull);
}

type Around = { readonly statement: LintStatement; readonly context: RuleContext };

function reportPartition({ parent, name, bound }: NewPartition, { statement, context }: Around): Report {
  return {
    statement,
    growsWith: name,
    message: `ATTACH PARTITION reads all of ${showName(name)} under ACCESS EXCLUSIVE, to prove that its rows fit the bounds: every query of ${showName(name)} itself waits. ${showName(parent)} stays open to reads and writes (SHARE UPDATE EXCLUSIVE).`,
    hint:
      bound.strategy === 'h'
        ? 'For hashes no CHECK spares the reading. Made as a partition from the start (CREATE TABLE … PARTITION OF), a table needs none.'
        : `A validated CHECK that says what the bounds say, and leaves out nulls as they do, spares the reading. Added NOT VALID and validated in ${laterMigration(context.runner)}, it keeps nobody waiting.`,
  };
}

function reportDefault(
  { parent, name, attached }: NewPartition,
  fallback: QualifiedName,
  { statement, context }: Around,
): Report {
  const who = attached
    ? `every query of ${showName(parent)} that looks there waits`
    : `CREATE TABLE … PARTITION OF holds ACCESS EXCLUSIVE on ${showName(parent)} meanwhile, so every query of it waits`;
  return {
    statement,
    growsWith: fallback,
    message: `${showName(fallback)} is the default partition of ${showName(parent)}. PostgreSQL reads all of it under ACCESS EXCLUSIVE, to prove that no row in it belongs into ${showName(name)}: ${who}.`,
    hint: `A validated CHECK on ${showName(fallback)} that rules these rows out spares the reading. Added NOT VALID and validated in ${laterMigration(context.runner)}, it keeps nobody waiting.`,
  };
}

/** What is read; null for what need not be. */
type Read = { readonly self: QualifiedName | null; readonly fallback: QualifiedName | null };

/** The checks that spare the reading; validated, made use of, and dropped by a later migration. */
function checkFirst(
  { name, bound, parent }: NewPartition,
  { self, fallback }: Read,
  { statement, context: { facts, parser, runner } }: Around,
): readonly Rewrite[] | null {
  const own = standalone(statement, parser);
  const condition = boundCondition(own, bound, partitionKey(parent, facts));
  if (condition === null || alterTableCommands(statement.node).length > 1) return null;
  const checks = [
    ...(self === null ? [] : [{ table: self, name: constraintName(self.name, [], 'bound'), condition }]),
    ...(fallback === null
      ? []
      : [
          {
            table: fallback,
            name: constraintName(fallback.name, ['without', name.name], 'rows'),
            condition: `NOT (${condition})`,
          },
        ]),
  ].map((check) => ({
    ...check,
    head: `ALTER TABLE ${quoteName(check.table)}`,
    name: quoteIdentifier(check.name),
  }));
  return [
    {
      title: 'this migration',
      sql: checks
        .map((one) => `${one.head} ADD CONSTRAINT ${one.name} CHECK (${one.condition}) NOT VALID;`)
        .join('\n'),
    },
    {
      title: laterMigration(runner),
      sql: [
        ...checks.map((one) => `${one.head} VALIDATE CONSTRAINT ${one.name};`),
        `${own.text};`,
        ...checks.map((one) => `${one.head} DROP CONSTRAINT ${one.name};`),
      ].join('\n'),
    },
  ];
}
