import type { Rewrite } from '../../kernel/finding.ts';
import { quoteIdentifier } from '../../sql/quote.ts';
import { type QualifiedName, quoteName, showName } from '../facts/names.ts';
import type { SchemaFacts } from '../facts/schema-facts.ts';
import { keySteps } from '../key-steps.ts';
import { type AddedKey, addedKeys, withoutKeys } from '../keys-added.ts';
import type { LintStatement } from '../migration.ts';
import { titleOutside, whereOutside } from '../own-migration.ts';
import { defineRule, type Report } from '../rule.ts';
import { standalone } from '../standalone.ts';

export const primaryKeyUsingIndex = defineRule({
  id: 'primary-key-using-index',
  family: 'locking',
  level: 'error',
  title: 'A PRIMARY KEY locks the table while its index is built and its columns are searched for nulls',
  statement(statement, { facts, parser, runner }) {
    const keys = addedKeys(statement, 'CONSTR_PRIMARY').filter(({ table: name, command }) => {
      const table = facts.table(name);
      if (facts.isNew(table, statement) || table?.temporary) return false;
      return !(table?.partitioned && !command.relation.inh);
    });
    const own = standalone(statement, parser);
    return keys.flatMap((key): readonly Report[] => {
      const { node, table, column } = key;
      const place = { statement, growsWith: table };
      if (node.indexname) return overNullable(own, key, facts).map((report) => ({ ...place, ...report }));
      if (column !== null) return [{ ...place, ...ofNewColumn(key) }];
      const rest = withoutKeys(own, [key]);
      const unproven = key.columns.filter((name) => !facts.isProvenNotNull(table, name));
      const steps = rest === undefined ? [] : keySteps(own, key, { outside: titleOutside(runner), facts });
      const [proof, ...proven] = proofSteps(table, unproven);
      const now = [rest, proof?.sql].flatMap((sql) => sql ?? []);
      const first = now.length === 0 ? [] : [{ title: 'this migration', sql: now.join('\n') }];
      return [
        {
          ...place,
          message: `PRIMARY KEY locks ${showName(table)} against reads and writes (ACCESS EXCLUSIVE) while its index is built${unproven.length === 0 ? '' : `, and while every row is searched for nulls in ${unproven.join(', ')}`}: every query waits as long as it takes to read and sort the whole table.`,
          hint: `Build a unique index with CONCURRENTLY, ${whereOutside(runner)}; then let the key take it over.${unproven.length === 0 ? '' : ' Prove NOT NULL before, with a CHECK that is validated while writes go on.'}`,
          ...(steps.length === 0 ? {} : { rewrite: [...first, ...proven, ...steps] }),
        },
      ];
    });
  },
});

/** Says something only where the index and the columns are known, and a column is known to allow nulls. */
function overNullable(
  statement: LintStatement,
  { node, table: name }: AddedKey,
  facts: SchemaFacts,
): readonly Omit<Report, 'statement'>[] {
  const index = facts.index({ schema: name.schema, name: node.indexname ?? '' });
  const table = facts.table(name);
  const nullable = (index?.columns ?? []).flatMap((column) => {
    if (column === null || !table?.columns.has(column)) return [];
    return facts.isProvenNotNull(name, column) ? [] : [column];
  });
  if (nullable.length === 0) return [];
  return [
    {
      message: `${nullable.join(', ')} of ${showName(name)} may be null as far as PostgreSQL knows. Though the index is built, PRIMARY KEY searches every row for nulls, under a lock against reads and writes (ACCESS EXCLUSIVE): every query waits as long as it takes to read the whole table.`,
      hint: 'Prove NOT NULL before, with a CHECK that is validated while writes go on; the key is then a matter of a moment.',
      rewrite: [...proofSteps(name, nullable), { title: 'a later migration', sql: `${statement.text};` }],
    },
  ];
}

function ofNewColumn({ table, column }: AddedKey): Omit<Report, 'statement'> {
  const name = column?.colname ?? '';
  return {
    message: `A new column that is PRIMARY KEY locks ${showName(table)} against reads and writes (ACCESS EXCLUSIVE) until a value of ${name} is written into every row and the index is built: every query waits meanwhile.`,
    hint: `Add ${name} without the key and without NOT NULL, fill it in batches, prove NOT NULL with a CHECK that is validated later, build a unique index with CONCURRENTLY, and let PRIMARY KEY USING INDEX take it over.`,
  };
}

/** NOT NULL without a search under the lock: the CHECK is believed, then proven, and then SET NOT NULL believes it. */
function proofSteps(table: QualifiedName, columns: readonly string[]): readonly Rewrite[] {
  if (columns.length === 0) return [];
  const each = columns.map((column) => ({
    column: quoteIdentifier(column),
    check: quoteIdentifier(`${table.name}_${column}_not_null`),
  }));
  const alter = (commands: readonly string[]) => `ALTER TABLE ${quoteName(table)} ${commands.join(', ')};`;
  return [
    {
      title: 'this migration',
      sql: alter(
        each.map(({ column, check }) => `ADD CONSTRAINT ${check} CHECK (${column} IS NOT NULL) NOT VALID`),
      ),
    },
    { title: 'a later migration', sql: alter(each.map(({ check }) => `VALIDATE CONSTRAINT ${check}`)) },
    {
      title: 'a later migration',
      sql: [
        alter(each.map(({ column }) => `ALTER COLUMN ${column} SET NOT NULL`)),
        alter(each.map(({ check }) => `DROP CONSTRAINT ${check}`)),
      ].join('\n'),
    },
  ];
}
