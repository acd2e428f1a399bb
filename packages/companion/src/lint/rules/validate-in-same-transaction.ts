import { quoteIdentifier } from '../../sql/quote.ts';
import { commandSpans } from '../advice/alter-parts.ts';
import { laterMigration } from '../advice/later-migration.ts';
import { alterTableCommands, constraintOf } from '../facts/alter-commands.ts';
import { nameOfRelation, showIdentifier, showName } from '../facts/names.ts';
import type { ConstraintFacts } from '../facts/schema-facts.ts';
import { isInUse } from '../reading/in-use.ts';
import { standalone } from '../reading/standalone.ts';
import { defineRule } from '../rule.ts';

export const validateInSameTransaction = defineRule({
  id: 'validate-in-same-transaction',
  family: 'locking',
  level: 'error',
  title:
    'VALIDATE CONSTRAINT in the transaction that added the constraint keeps the strong lock while it reads',
  of: ['AlterTableStmt'],
  statement(statement, { facts, parser, runner }) {
    const commands = alterTableCommands(statement.node);
    const own = standalone(statement, parser);
    return commands.flatMap((command, place) => {
      if (command.subtype !== 'AT_ValidateConstraint') return [];
      const table = nameOfRelation(command.relation);
      if (!isInUse(table, statement, facts)) return [];
      const name = command.name ?? '';
      // Added by the very statement, or by one before it.
      const beside = commands
        .slice(0, place)
        .map(constraintOf)
        .find((constraint) => constraint?.conname === name && constraint.skip_validation === true);
      const known = facts.table(table)?.constraints.get(name);
      const isSame =
        known !== undefined &&
        !known.validated &&
        statement.transaction !== null &&
        known.born?.transaction === statement.transaction;
      if (!beside && !isSame) return [];
      const isKey = beside ? beside.contype === 'CONSTR_FOREIGN' : known?.kind === 'foreign key';
      const spans = commandSpans(own);
      const head = spans?.[0] === undefined ? null : own.text.slice(0, spans[0].start - own.start);
      const later = laterMigration(runner);
      return [
        {
          statement,
          growsWith: table,
          message: `${showIdentifier(name)} was added NOT VALID in this very transaction, which keeps ${describeLock(isKey, known ?? null, showName(table))} until VALIDATE CONSTRAINT has read all of ${showName(table)}. NOT VALID has won nothing.`,
          hint: `Validate it in ${later}: by itself VALIDATE takes SHARE UPDATE EXCLUSIVE, and reads and writes go on.`,
          ...(head === null
            ? {}
            : { rewrite: [{ title: later, sql: `${head}VALIDATE CONSTRAINT ${quoteIdentifier(name)};` }] }),
        },
      ];
    });
  },
});

function describeLock(isKey: boolean, known: ConstraintFacts | null, table: string): string {
  if (!isKey) return `reads and writes out of ${table} (ACCESS EXCLUSIVE)`;
  const target = known?.references ? ` and ${showName(known.references)}` : ' and the table it refers to';
  return `writes out of ${table}${target} (SHARE ROW EXCLUSIVE)`;
}
