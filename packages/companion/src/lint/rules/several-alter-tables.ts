import { alterTableCommands, constraintOf } from '../facts/alter-commands.ts';
import { locksOf } from '../facts/locks.ts';
import { keyOfName, nameOfRelation, showName } from '../facts/names.ts';
import type { SchemaFacts } from '../facts/schema-facts.ts';
import type { LintStatement } from '../migration.ts';
import { defineRule, type Report } from '../rule.ts';

export const severalAlterTables = defineRule({
  id: 'several-alter-tables',
  family: 'style',
  level: 'info',
  title: 'Several ALTER TABLE go through one table, where one would go through it once',
  statement(statement, { facts }) {
    if (goesThrough(statement, facts)) expensive.add(statement);
    return [];
  },
  migration({ statements }) {
    const groups = new Map<string, LintStatement[]>();
    for (const statement of statements) {
      const [command] = alterTableCommands(statement.node);
      if (command === undefined || !expensive.has(statement)) continue;
      const key = `${statement.transaction} ${keyOfName(nameOfRelation(command.relation))}`;
      groups.set(key, [...(groups.get(key) ?? []), statement]);
    }
    return [...groups.values()].flatMap((group) => tell(group));
  },
});

/** What a statement costs can be told only by the facts before it; what stands beside it, only after the last. */
const expensive = new WeakSet<LintStatement>();

function tell(group: readonly LintStatement[]): readonly Report[] {
  const [first, second] = group;
  if (first === undefined || second === undefined) return [];
  const commands = group.flatMap(({ node }) => alterTableCommands(node));
  const [command] = commands;
  if (command === undefined) return [];
  const name = nameOfRelation(command.relation);
  return [
    {
      statement: second,
      growsWith: name,
      message: `${group.length} statements of this migration read or write all of ${showName(name)}, one after the other, while the locks of the first are held. Their commands in one ALTER TABLE go through the table once.`,
      hint: 'Write the commands in one ALTER TABLE, with commas between them.',
      rewrite: [{ title: 'this migration', sql: join(group) }],
    },
  ];
}

/** `ALTER TABLE x A; ALTER TABLE x B;` as `ALTER TABLE x A, B;`. */
function join(group: readonly LintStatement[]): string {
  const [first, ...others] = group.map((statement) => {
    const start = commandsStart(statement);
    return {
      head: statement.text.slice(0, start - statement.start).trimEnd(),
      commands: statement.text.slice(start - statement.start),
    };
  });
  const all = [first, ...others].flatMap((one) => (one === undefined ? [] : [one.commands]));
  return `${first?.head}\n  ${all.join(',\n  ')};`;
}

/** Where the commands begin: behind the table's name, which ONLY, IF EXISTS and a star may surround. */
function commandsStart(statement: LintStatement): number {
  const [command] = alterTableCommands(statement.node);
  const tokens = statement.tokens().filter(({ comment }) => !comment);
  const from = statement.offsetOf(command?.relation.location);
  let place = tokens.findIndex(({ start }) => start === from);
  while (tokens[place + 1]?.text === '.') place += 2;
  if (tokens[place + 1]?.text === '*' || tokens[place + 1]?.text === ')') place += 1;
  return tokens[place + 1]?.start ?? statement.end;
}

const JOINABLE = [
  'AT_AddColumn',
  'AT_AlterColumnType',
  'AT_SetAccessMethod',
  'AT_SetLogged',
  'AT_SetNotNull',
  'AT_SetUnLogged',
];

/** An index is built for itself, and a foreign key is looked up for itself: joined they take as long. */
function isJoinable({ node }: LintStatement): boolean {
  return alterTableCommands(node).some(
    (command) =>
      JOINABLE.includes(command.subtype ?? '') || constraintOf(command)?.contype === 'CONSTR_CHECK',
  );
}

function goesThrough(statement: LintStatement, facts: SchemaFacts): boolean {
  const [command] = alterTableCommands(statement.node);
  if (command === undefined || statement.nested || !isJoinable(statement)) return false;
  const name = nameOfRelation(command.relation);
  const table = facts.table(name);
  if (facts.isNew(table, statement) || table?.temporary) return false;
  return locksOf(statement.node, facts).some(
    ({ relation, work }) =>
      keyOfName(relation) === keyOfName(name) && (work === 'scan' || work === 'rewrite'),
  );
}
