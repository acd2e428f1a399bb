import { indexFor, keySteps } from '../advice/key-steps.ts';
import { addedKeys, withoutKeys } from '../advice/keys-added.ts';
import { titleOutside, whereOutside } from '../advice/own-migration.ts';
import { showName } from '../facts/names.ts';
import { noteDropped, replacedBy } from '../reading/replaced-key.ts';
import { standalone } from '../reading/standalone.ts';
import { defineRule } from '../rule.ts';

export const uniqueConstraintUsingIndex = defineRule({
  id: 'unique-constraint-using-index',
  family: 'locking',
  level: 'error',
  title: 'A UNIQUE constraint locks the table while its index is built',
  statement(statement, { facts, parser, runner, migrations }) {
    noteDropped(statement, facts);
    const keys = addedKeys(statement, 'CONSTR_UNIQUE').filter(({ node, table: name, command }) => {
      const table = facts.table(name);
      if (node.indexname || facts.isNew(table, statement) || table?.temporary) return false;
      // On the parent alone there is nothing to build.
      return !(table?.partitioned && !command.relation.inh);
    });
    if (keys.length === 0) return [];
    const own = standalone(statement, parser);
    const replaced = keys.map((key) => replacedBy({ ...key, isPrimary: false }, statement, migrations));
    const rest = withoutKeys(own, keys, replaced);
    const outside = titleOutside(runner);
    return keys.map((key, place) => {
      const shown = showName(key.table);
      const isPartitioned = facts.table(key.table)?.partitioned === true;
      const ready = isPartitioned ? null : indexFor(key, facts);
      const steps =
        rest === undefined ? [] : keySteps(own, key, { outside, facts, replaced: replaced[place] ?? null });
      const first = rest === undefined || rest === null ? [] : [{ title: 'this migration', sql: rest }];
      return {
        statement,
        growsWith: key.table,
        message: `UNIQUE locks ${shown}${isPartitioned ? ' and all of its partitions' : ''} against reads and writes (ACCESS EXCLUSIVE) while its index is built: every query waits as long as it takes to read and sort the whole table. It fails when two rows have the same values.`,
        hint:
          ready !== null
            ? `Let it take over ${showName(ready.name)}, which is there and covers the same; it is renamed to the constraint's name.`
            : isPartitioned
              ? `Build a unique index on each partition with CONCURRENTLY, ${whereOutside(runner)}; then make the constraint on the parent alone and attach them.`
              : `Build the unique index with CONCURRENTLY, ${whereOutside(runner)}; then let the constraint take it over, which is a matter of a moment.${replaced[place] == null ? '' : ' The old one is dropped by the same statement, and not before.'}`,
        ...(steps.length === 0 ? {} : { rewrite: [...first, ...steps] }),
      };
    });
  },
});
