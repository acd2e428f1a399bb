import { quoteIdentifier } from '../../sql/quote.ts';
import { commandSpans } from '../advice/alter-parts.ts';
import { laterMigration } from '../advice/later-migration.ts';
import { moveKeyToColumn } from '../advice/move-key-to-column.ts';
import { constraintSpan, nameOfNew, notValidFirst } from '../advice/not-valid-first.ts';
import { namesOf } from '../facts/alter-commands.ts';
import {
  keyOfName,
  nameOfRelation,
  type QualifiedName,
  quoteName,
  showIdentifier,
  showName,
} from '../facts/names.ts';
import type { SchemaFacts } from '../facts/schema-facts.ts';
import type { LintStatement } from '../migration.ts';
import { partitionsOf } from '../reading/in-use.ts';
import { isFilled, type NewConstraint, newConstraints } from '../reading/new-constraints.ts';
import { standalone } from '../reading/standalone.ts';
import { defineRule, type Report, type RuleContext } from '../rule.ts';

export const foreignKeyNotValid = defineRule({
  id: 'foreign-key-not-valid',
  family: 'locking',
  level: 'error',
  title: 'A foreign key that is valid at once keeps writes out of two tables while the rows are looked up',
  of: ['AlterTableStmt'],
  statement(statement, context) {
    const keys = newConstraints(statement, context.facts).filter((key) => readsRows(key, context.facts));
    return keys.map((key) => {
      const target = targetOf(key);
      return {
        statement,
        growsWith: key.table,
        message: [describeLock(key, target), describeHeld(key, statement, context.facts)].join(''),
        ...advise(statement, { key, keys }, context),
      };
    });
  },
});

type Found = {
  readonly key: NewConstraint;
  /** With the statement's others of its kind. */
  readonly keys: readonly NewConstraint[];
};

/** A new column of nulls has nothing to look up, and PostgreSQL knows if the key stands with it. */
function readsRows({ node, column, table }: NewConstraint, facts: SchemaFacts): boolean {
  if (node.contype !== 'CONSTR_FOREIGN' || node.skip_validation === true) return false;
  if (column !== null) return isFilled(column);
  const partitions = facts.table(table)?.partitioned === true ? partitionsOf(table, facts) : [];
  return partitions.length === 0 || !partitions.every((name) => hasKey(name, namesOf(node.fk_attrs), facts));
}

function hasKey(name: QualifiedName, columns: readonly string[], facts: SchemaFacts): boolean {
  return [...(facts.table(name)?.constraints.values() ?? [])].some(
    (known) =>
      known.kind === 'foreign key' && known.validated && known.columns.join('\0') === columns.join('\0'),
  );
}

function targetOf({ node, table }: NewConstraint): QualifiedName {
  return node.pktable === undefined ? table : nameOfRelation(node.pktable);
}

function describeLock({ table, node, column }: NewConstraint, target: QualifiedName): string {
  const name =
    node.conname === undefined ? 'This foreign key' : `The foreign key ${showIdentifier(node.conname)}`;
  const self = keyOfName(table) === keyOfName(target);
  const tables = self ? showName(table) : `${showName(table)} and ${showName(target)}`;
  const what = `${name} is valid at once, so PostgreSQL reads all of ${showName(table)} and looks every row up in ${self ? 'it' : showName(target)}.`;
  if (column !== null) {
    return `${what} Meanwhile ADD COLUMN keeps even reads out of ${showName(table)} (ACCESS EXCLUSIVE)${self ? '' : `, and writes to ${showName(target)} wait (SHARE ROW EXCLUSIVE)`}.`;
  }
  return `${what} Meanwhile ${tables} ${self ? 'is' : 'are'} locked against writes (SHARE ROW EXCLUSIVE): every INSERT, UPDATE and DELETE there waits.`;
}

/** What an ADD COLUMN before it makes of the lock, in one transaction. */
function describeHeld(
  { table, node, column }: NewConstraint,
  statement: LintStatement,
  facts: SchemaFacts,
): string {
  if (column !== null || statement.transaction === null) return '';
  const columns = facts.table(table)?.columns;
  const held = namesOf(node.fk_attrs).some(
    (name) => columns?.get(name)?.born?.transaction === statement.transaction,
  );
  return held
    ? ` The column was added in the same transaction, whose ACCESS EXCLUSIVE lock lasts to its end: reads of ${showName(table)} wait, too.`
    : '';
}

function advise(statement: LintStatement, found: Found, context: RuleContext): Partial<Report> {
  const { key, keys } = found;
  const { facts, parser, runner, postgresVersion } = context;
  if (facts.table(key.table)?.partitioned === true && postgresVersion < 18) {
    return advisePartitions(statement, key, context);
  }
  const moved = moveKeyToColumn(statement, key, facts);
  if (moved !== null) {
    return {
      hint: `${showIdentifier(namesOf(key.node.fk_attrs)[0] ?? '')} is new and has no values. Written with the column, the key needs no reading: PostgreSQL knows that there is nothing to look up.`,
      rewrite: [{ title: 'this migration, in place of both statements', sql: moved.sql }],
      edits: moved.edits,
    };
  }
  const rewrite = notValidFirst(statement, keys, { parser, runner });
  return {
    hint: `Add it NOT VALID: new rows are checked from then on, and none is read. VALIDATE CONSTRAINT in ${laterMigration(runner)} reads ${showName(key.table)} while reads and writes go on in both tables.`,
    ...(rewrite === null ? {} : { rewrite }),
  };
}

function advisePartitions(
  statement: LintStatement,
  key: NewConstraint,
  context: RuleContext,
): Partial<Report> {
  const { facts, parser, runner } = context;
  const hint = `${showName(key.table)} is partitioned, and before version 18 PostgreSQL has no NOT VALID there. Add the key to each partition NOT VALID, validate it there, and then to the whole: what the partitions have is taken over unread.`;
  const own = standalone(statement, parser);
  const span = commandSpans(own)?.[key.place];
  const partitions = partitionsOf(key.table, facts);
  if (span === undefined || partitions.length === 0) return { hint };
  const { start, end } = constraintSpan(own, key, span);
  const text = own.text.slice(start - own.start, end - own.start);
  const name = quoteIdentifier(nameOfNew(key));
  const named = key.node.conname === undefined ? `CONSTRAINT ${name} ${text}` : text;
  const each = (make: (partition: string) => string) =>
    partitions.map((one) => make(quoteName(one))).join('\n');
  const later = laterMigration(runner);
  return {
    hint,
    rewrite: [
      { title: 'this migration', sql: each((one) => `ALTER TABLE ${one} ADD ${named} NOT VALID;`) },
      { title: later, sql: each((one) => `ALTER TABLE ${one} VALIDATE CONSTRAINT ${name};`) },
      { title: `${later}, after that`, sql: `ALTER TABLE ${quoteName(key.table)} ADD ${named};` },
    ],
  };
}
