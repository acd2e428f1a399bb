import { locateOffset } from '../../sql/locate.ts';
import { statementTitle } from '../../sql/statement-title.ts';
import { commandSpans, withoutCommands } from '../advice/alter-parts.ts';
import { laterMigration } from '../advice/later-migration.ts';
import { alterTableCommands, constraintOf } from '../facts/alter-commands.ts';
import { modeOfCommand } from '../facts/alter-table-modes.ts';
import { locksOf } from '../facts/locks.ts';
import { keyOfName, nameOfRelation, type QualifiedName, showName } from '../facts/names.ts';
import type { SchemaFacts } from '../facts/schema-facts.ts';
import type { LintStatement } from '../migration.ts';
import { locksHeldBefore, noteLocks } from '../reading/held-locks.ts';
import { isInUse } from '../reading/in-use.ts';
import { earlierInTransaction, laterInTransaction } from '../reading/same-transaction.ts';
import { standalone } from '../reading/standalone.ts';
import { defineRule, type Report, type RuleContext } from '../rule.ts';

export const accessExclusiveThenMoreWork = defineRule({
  id: 'access-exclusive-then-more-work',
  family: 'locking',
  level: 'warning',
  title: 'A table stays locked against everyone while the same transaction reads another from end to end',
  statement(statement, context) {
    const { facts, migrations, runner } = context;
    noteLocks(statement, facts);
    const read = tableRead(statement, facts);
    if (read === null) return [];
    const held = locksHeldBefore(statement, migrations).filter(({ mode }) => mode === 'AccessExclusive');
    const [first] = held;
    if (first === undefined) return besideOthers(statement, read, context);
    // The first that reads a table speaks for the others that do.
    const key = keyOfName(read);
    if (earlierInTransaction(statement, migrations).some((one) => told.get(one) === key)) return [];
    told.set(statement, key);
    const tables = [...new Set(held.map(({ relation }) => showName(relation)))].join(', ');
    const { line } = locateOffset(first.by.migration.sql, first.by.start);
    const file = first.by.migration === statement.migration ? '' : `${first.by.migration.name}, `;
    const others = laterInTransaction(statement, migrations).filter((one) => {
      const next = one.migration === statement.migration ? tableRead(one, facts) : null;
      return next !== null && keyOfName(next) === key;
    });
    const later = laterMigration(runner);
    return [
      {
        statement,
        growsWith: read,
        message: `\`${statementTitle(first.by.text)}\` (${file}line ${line}) took ACCESS EXCLUSIVE on ${tables}, and PostgreSQL keeps it until the transaction ends. Every read and every write of ${tables} waits while this statement reads all of ${showName(read)}.`,
        hint: `Move it to ${later}${canGoFirst(statement) ? ', or before the first statement that takes such a lock' : ''}.`,
        ...(statement.nested
          ? {}
          : {
              rewrite: [
                { title: later, sql: [statement, ...others].map(({ text }) => `${text};`).join('\n') },
              ],
            }),
      },
    ];
  },
});

/** The table that was told of, by statement. */
const told = new WeakMap<LintStatement, string>();

/**
 * The table in use that the statement reads as a whole, where no other rule has something to say of it: VALIDATE
 * CONSTRAINT, CREATE TABLE AS, CREATE MATERIALIZED VIEW, REFRESH … CONCURRENTLY, and an index on a materialized view.
 */
function tableRead(statement: LintStatement, facts: SchemaFacts): QualifiedName | null {
  const { node } = statement;
  if ('AlterTableStmt' in node) return validatedTable(statement, facts);
  const isRead =
    'CreateTableAsStmt' in node ||
    ('AlterDomainStmt' in node && node.AlterDomainStmt.subtype === 'V') ||
    ('RefreshMatViewStmt' in node && node.RefreshMatViewStmt.concurrent === true) ||
    ('IndexStmt' in node && isMaterialized(node.IndexStmt.relation, facts));
  if (!isRead) return null;
  const grows = locksOf(node, facts).filter(({ work }) => work !== 'brief');
  const found = grows.find(({ relation }) => {
    const table = facts.table(relation);
    const isOldView = table?.kind === 'materialized view' && !facts.isNew(table, statement);
    return isOldView || isInUse(relation, statement, facts);
  });
  return found?.relation ?? null;
}

function isMaterialized(
  relation: Parameters<typeof nameOfRelation>[0] | undefined,
  facts: SchemaFacts,
): boolean {
  return relation !== undefined && facts.table(nameOfRelation(relation))?.kind === 'materialized view';
}

/** By a VALIDATE CONSTRAINT; not of one that the very transaction adds: that is an error, and told by a rule of its own. */
function validatedTable(statement: LintStatement, facts: SchemaFacts): QualifiedName | null {
  const commands = alterTableCommands(statement.node);
  const validated = commands.find((command) => {
    if (command.subtype !== 'AT_ValidateConstraint') return false;
    const table = nameOfRelation(command.relation);
    const known = facts.table(table)?.constraints.get(command.name ?? '');
    const isOfTransaction =
      known !== undefined &&
      statement.transaction !== null &&
      known.born?.transaction === statement.transaction;
    const isOfStatement = commands.some((one) => constraintOf(one)?.conname === command.name);
    return isInUse(table, statement, facts) && !known?.validated && !isOfTransaction && !isOfStatement;
  });
  return validated === undefined ? null : nameOfRelation(validated.relation);
}

/** VALIDATE CONSTRAINT depends on nothing that the migration does. */
function canGoFirst({ node }: LintStatement): boolean {
  return (
    alterTableCommands(node).every(({ subtype }) => subtype === 'AT_ValidateConstraint') &&
    'AlterTableStmt' in node
  );
}

/** One ALTER TABLE takes one lock, the strongest that any of its commands asks for. */
function besideOthers(
  statement: LintStatement,
  read: QualifiedName,
  { parser, runner }: RuleContext,
): readonly Report[] {
  const commands = alterTableCommands(statement.node);
  const isStrong = commands.some((command) => modeOfCommand(command) === 'AccessExclusive');
  if (!isStrong) return [];
  const own = standalone(statement, parser);
  const spans = commandSpans(own);
  const isValidate = commands.map(({ subtype }) => subtype === 'AT_ValidateConstraint');
  const without = (dropped: boolean) =>
    spans === null
      ? null
      : withoutCommands(own, spans, {
          dropped: new Set(isValidate.flatMap((is, place) => (is === dropped ? [place] : []))),
          edits: [],
        });
  const [rest, validate] = [without(true), without(false)];
  const later = laterMigration(runner);
  const shown = showName(read);
  return [
    {
      statement,
      growsWith: read,
      message: `One ALTER TABLE takes one lock, the strongest that any of its commands asks for: here ACCESS EXCLUSIVE. Every read and every write of ${shown} waits while VALIDATE CONSTRAINT reads all of it, for which SHARE UPDATE EXCLUSIVE would do.`,
      hint: `Validate it in ${later}, or in a statement before this one.`,
      ...(rest === null || validate === null
        ? {}
        : {
            rewrite: [
              { title: 'this migration', sql: rest },
              { title: later, sql: validate },
            ],
          }),
    },
  ];
}
