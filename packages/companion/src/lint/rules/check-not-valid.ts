import { laterMigration } from '../advice/later-migration.ts';
import { notValidFirst } from '../advice/not-valid-first.ts';
import { showIdentifier, showName } from '../facts/names.ts';
import { newConstraints } from '../reading/new-constraints.ts';
import { defineRule } from '../rule.ts';

export const checkNotValid = defineRule({
  id: 'check-not-valid',
  family: 'locking',
  level: 'error',
  title: 'A CHECK that is valid at once locks a table while every row is read',
  of: ['AlterTableStmt'],
  statement(statement, { facts, parser, runner }) {
    const checks = newConstraints(statement, facts).filter(
      ({ node }) => node.contype === 'CONSTR_CHECK' && node.skip_validation !== true,
    );
    if (checks.length === 0) return [];
    const rewrite = notValidFirst(statement, checks, { parser, runner });
    return checks.map(({ table, node, column }) => {
      const name = node.conname === undefined ? 'This CHECK' : `The CHECK ${showIdentifier(node.conname)}`;
      const apart = column === null ? '' : 'PostgreSQL has no NOT VALID with a column: add it by itself. ';
      return {
        statement,
        growsWith: table,
        message: `${name} is valid at once, so PostgreSQL reads all of ${showName(table)} under ACCESS EXCLUSIVE: every read and every write of ${showName(table)} waits until the last row is checked.`,
        hint: `${apart}NOT VALID, it checks new rows from then on and reads none. VALIDATE CONSTRAINT in ${laterMigration(runner)} reads the old ones while reads and writes go on.`,
        ...(rewrite === null ? {} : { rewrite }),
      };
    });
  },
});
