import { alterTableCommands, columnOf, constraintOf } from '../facts/alter-commands.ts';
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
    return groupJoinable(statements).flatMap((group) => tell(group));
  },
});

type Group = { readonly members: LintStatement[]; readonly newColumns: string[] };

/**
 * Those that could be one statement. What stands between them stays where it is, and so a group ends where that might
 * need the first of them, or be needed by the next.
 */
function groupJoinable(statements: readonly LintStatement[]): readonly (readonly LintStatement[])[] {
  const groups: Group[] = [];
  const open = new Map<string, Group>();
  for (const statement of statements) {
    const commands = alterTableCommands(statement.node);
    const [command] = commands;
    if (command === undefined) {
      open.clear();
      continue;
    }
    const key = `${statement.transaction} ${keyOfName(nameOfRelation(command.relation))}`;
    const group = open.get(key);
    if (expensive.has(statement)) {
      if (group !== undefined && joins(group, statement)) group.members.push(statement);
      else {
        const next = { members: [statement], newColumns: [] };
        groups.push(next);
        open.set(key, next);
      }
    } else if (commands.every(({ subtype }) => subtype === 'AT_AddColumn')) {
      group?.newColumns.push(...commands.map((one) => columnOf(one)?.colname ?? ''));
    } else open.delete(key);
  }
  return groups.map(({ members }) => members);
}

/** PostgreSQL changes the type of a column once in a statement, before it adds columns and after it drops constraints. */
function joins({ members, newColumns }: Group, statement: LintStatement): boolean {
  const commands = [...members, statement].flatMap(({ node }) => alterTableCommands(node));
  if (commands.some(({ subtype }) => subtype === 'AT_DropConstraint')) return false;
  const added = commands.flatMap((one) =>
    one.subtype === 'AT_AddColumn' ? (columnOf(one)?.colname ?? []) : [],
  );
  const changed = commands.flatMap(({ subtype, name }) =>
    subtype === 'AT_AlterColumnType' ? (name ?? []) : [],
  );
  if (new Set([...added, ...changed]).size < added.length + changed.length) return false;
  return !statement.tokens().some(({ text }) => newColumns.includes(text.replaceAll('"', '')));
}

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
