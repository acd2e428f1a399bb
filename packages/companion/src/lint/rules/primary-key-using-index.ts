import type { Rewrite } from '../../kernel/finding.ts';
import type { NodeOf } from '../../sql/parser.ts';
import { requireColumns } from '../advice/fill-column.ts';
import { keySteps } from '../advice/key-steps.ts';
import { type AddedKey, addedKeys, withoutKeys } from '../advice/keys-added.ts';
import { laterMigration } from '../advice/later-migration.ts';
import { titleOutside, whereOutside } from '../advice/own-migration.ts';
import { constraintsOf } from '../facts/alter-commands.ts';
import { type QualifiedName, quoteName, showIdentifier, showName } from '../facts/names.ts';
import type { SchemaFacts } from '../facts/schema-facts.ts';
import { needsRewriteToAdd } from '../facts/volatility.ts';
import type { LintStatement } from '../migration.ts';
import { noteDropped, replacedBy } from '../reading/replaced-key.ts';
import { standalone } from '../reading/standalone.ts';
import { defineRule, type Report, type RuleContext } from '../rule.ts';

export const primaryKeyUsingIndex = defineRule({
  id: 'primary-key-using-index',
  family: 'locking',
  level: 'error',
  title: 'A PRIMARY KEY locks the table while its index is built and its columns are searched for nulls',
  statement(statement, context) {
    const { facts, parser, runner, migrations } = context;
    noteDropped(statement, facts);
    const keys = addedKeys(statement, 'CONSTR_PRIMARY').filter(({ table: name, command }) => {
      const table = facts.table(name);
      if (facts.isNew(table, statement) || table?.temporary) return false;
      return !(table?.partitioned && !command.relation.inh);
    });
    const own = standalone(statement, parser);
    return keys.flatMap((key): readonly Report[] => {
      const { node, table, column } = key;
      const place = { statement, growsWith: table };
      if (node.indexname) return overNullable(own, key, context).map((report) => ({ ...place, ...report }));
      if (column !== null) return isOneValue(column, facts) ? [{ ...place, ...ofNewColumn(key) }] : [];
      const replaced = replacedBy({ ...key, isPrimary: true }, statement, migrations);
      const rest = withoutKeys(own, [key], [replaced]);
      const unproven = key.columns.filter((name) => !facts.isProvenNotNull(table, name));
      const steps =
        rest === undefined ? [] : keySteps(own, key, { outside: titleOutside(runner), facts, replaced });
      const [proof, ...proven] = proofSteps(table, unproven, context);
      const now = [rest, proof?.sql].flatMap((sql) => sql ?? []);
      const first = now.length === 0 ? [] : [{ title: 'this migration', sql: now.join('\n') }];
      return [
        {
          ...place,
          message: `PRIMARY KEY locks ${showName(table)} against reads and writes (ACCESS EXCLUSIVE) while its index is built${unproven.length === 0 ? '' : `, and while every row is searched for nulls in ${unproven.map(showIdentifier).join(', ')}`}: every query waits as long as it takes to read and sort the whole table.`,
          hint: `Build a unique index with CONCURRENTLY, ${whereOutside(runner)}; then let the key take it over.${unproven.length === 0 ? '' : ' Prove NOT NULL before, with a CHECK that is validated while writes go on.'}${replaced === null ? '' : HINT_REPLACED}`,
          ...(steps.length === 0 ? {} : { rewrite: [...first, ...proven, ...steps] }),
        },
      ];
    });
  },
});

const HINT_REPLACED =
  ' Leave the old key until then: the statement that drops it lets the new one take over, and no row is without a key in between.';

/** Says something only where the index and the columns are known, and a column is known to allow nulls. */
function overNullable(
  statement: LintStatement,
  { node, table: name }: AddedKey,
  context: RuleContext,
): readonly Omit<Report, 'statement'>[] {
  const { facts, runner } = context;
  const index = facts.index({ schema: name.schema, name: node.indexname ?? '' });
  const table = facts.table(name);
  const nullable = (index?.columns ?? []).flatMap((column) => {
    if (column === null || !table?.columns.has(column)) return [];
    return facts.isProvenNotNull(name, column) ? [] : [column];
  });
  if (nullable.length === 0) return [];
  const shown = nullable.map(showIdentifier).join(', ');
  return [
    {
      message: `${shown} of ${showName(name)} may be null as far as PostgreSQL knows. Though the index is built, PRIMARY KEY searches every row for nulls, under a lock against reads and writes (ACCESS EXCLUSIVE): every query waits as long as it takes to read the whole table.`,
      hint: 'Prove NOT NULL before, with a CHECK that is validated while writes go on; the key is then a matter of a moment.',
      rewrite: [
        ...proofSteps(name, nullable, context),
        { title: laterMigration(runner), sql: `${statement.text};` },
      ],
    },
  ];
}

/** Of a column without a default, and of one whose values differ, other rules tell, and put the key into their steps. */
function isOneValue(column: NodeOf<'ColumnDef'>, facts: SchemaFacts): boolean {
  const isFilled = constraintsOf(column).some(({ contype }) => contype === 'CONSTR_DEFAULT');
  return isFilled && needsRewriteToAdd(column, facts) === false;
}

function ofNewColumn({ table, column }: AddedKey): Omit<Report, 'statement'> {
  const name = showIdentifier(column?.colname ?? '');
  return {
    message: `The default of ${name} is one value, and PRIMARY KEY wants another for each row: with two rows in ${showName(table)}, ADD COLUMN fails (23505), and the migration with it.`,
    hint: `Add ${name} without the key and without the default, give each row its own value in batches, prove NOT NULL with a CHECK that is validated later, build a unique index with CONCURRENTLY, and let PRIMARY KEY USING INDEX take it over.`,
  };
}

/** NOT NULL without a search under the lock, from this migration on. */
function proofSteps(
  table: QualifiedName,
  columns: readonly string[],
  context: RuleContext,
): readonly Rewrite[] {
  const [add, ...later] = requireColumns(
    { head: `ALTER TABLE ${quoteName(table)} `, table, columns },
    context,
  );
  return add === undefined ? [] : [{ ...add, title: 'this migration' }, ...later];
}
