import { showName } from '../facts/names.ts';
import { clashingNames } from '../reading/clashing-names.ts';
import { defineRule } from '../rule.ts';

export const identifierClash = defineRule({
  id: 'identifier-clash',
  family: 'style',
  level: 'error',
  title: 'Two names are one and the same after PostgreSQL has cut them to 63 bytes',
  statement(statement, { facts }) {
    return clashingNames(statement, facts).flatMap(({ name, other }) => {
      const where = name.table === null ? '' : ` on ${showName(name.table)}`;
      const skips = 'IndexStmt' in statement.node && statement.node.IndexStmt.if_not_exists;
      const effect = skips
        ? 'With IF NOT EXISTS the index is not made, and nothing says so.'
        : 'The migration fails here, as the name is taken.';
      return [
        {
          statement,
          at: name.at,
          message: `After its first 63 bytes PostgreSQL cuts the name of this ${name.kind}${where}, and "${name.cut}" is what it made of "${other}" already. ${effect}`,
          hint: 'Give one of the two a shorter name in the schema.',
        },
      ];
    });
  },
});
