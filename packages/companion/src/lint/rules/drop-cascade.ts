import { rewritten } from '../advice/edits.ts';
import { showList } from '../advice/show-list.ts';
import { droppedNames } from '../facts/apply-drop.ts';
import { keyOfName, nameOfRelation, type QualifiedName, showIdentifier, showName } from '../facts/names.ts';
import type { ObjectKind, SchemaFacts } from '../facts/schema-facts.ts';
import type { LintStatement } from '../migration.ts';
import { enumRecreates } from '../reading/enum-recreates.ts';
import { noteRecreate, stateOfRecreate } from '../reading/noted-recreates.ts';
import { standalone } from '../reading/standalone.ts';
import { defineRule, type RuleContext } from '../rule.ts';

export const dropCascade = defineRule({
  id: 'drop-cascade',
  family: 'data',
  level: 'error',
  title: 'CASCADE drops whatever depends on a type, an extension, a view or a function, columns among it',
  statement(statement, context) {
    noteRecreate(statement, context);
    const { node } = statement;
    if (!('DropStmt' in node) || node.DropStmt.behavior !== 'DROP_CASCADE') return [];
    const kind = KINDS[node.DropStmt.removeType ?? ''];
    if (kind === undefined || isToldByRecreate(statement, context)) return [];
    const { facts, parser } = context;
    const names = droppedNames(node.DropStmt).filter((name) => !isNew(kind, name, statement, facts));
    if (names.length === 0) return [];
    const falls = names.flatMap((name) => columnsOf(kind, name, facts));
    const isSure = kind.columns && names.every((name) => isKnown(name, facts));
    const own = standalone(statement, parser);
    const cascade = own.tokens().findLast(({ keyword }) => keyword === 'cascade');
    return [
      {
        statement,
        ...(falls.length > 0 || (kind.columns && !isSure) ? {} : { level: 'warning' as const }),
        message: `${kind.word} … CASCADE drops ${showList(names.map(showName))}, and without a question ${describe(kind, names, falls, facts)}`,
        hint: `Leave CASCADE out: PostgreSQL then refuses while anything depends on ${names.length === 1 ? 'it' : 'them'} (2BP01), and names it. What is to go is dropped by name; what is to stay is moved first${kind.columns ? ', a column by a change of its type' : ''}.`,
        ...(cascade === undefined
          ? {}
          : {
              rewrite: [
                {
                  title: 'this migration',
                  sql: rewritten(own, [{ start: cascade.start - 1, end: cascade.end, text: '' }]),
                },
              ],
            }),
      },
    ];
  },
});

type Kind = {
  readonly word: string;
  /** Under what the facts have it; null for relations. */
  readonly object: ObjectKind | null;
  /** May columns be of it? */
  readonly columns: boolean;
  readonly takes: string;
};

const FUNCTION: Omit<Kind, 'word'> = {
  object: 'function',
  columns: false,
  takes:
    'every trigger, policy, CHECK, default, generated column, index and view that calls it: rules that hold today then hold no more, and nothing says so.',
};
const VIEW: Omit<Kind, 'word'> = {
  object: null,
  columns: false,
  takes: 'every view and function that reads it, with the rights that were granted on them.',
};
const TYPE: Omit<Kind, 'word' | 'object'> = {
  columns: true,
  takes:
    'every column of the type in any table, with all its values, and every function that is declared with it.',
};

const KINDS: Readonly<Record<string, Kind>> = {
  OBJECT_TYPE: { word: 'DROP TYPE', object: 'type', ...TYPE },
  OBJECT_DOMAIN: { word: 'DROP DOMAIN', object: 'domain', ...TYPE },
  OBJECT_EXTENSION: {
    word: 'DROP EXTENSION',
    object: 'extension',
    columns: true,
    takes:
      'every column of one of its types, with all its values, and every index, default and view that uses one of its functions.',
  },
  OBJECT_FUNCTION: { word: 'DROP FUNCTION', ...FUNCTION },
  OBJECT_PROCEDURE: { word: 'DROP PROCEDURE', ...FUNCTION },
  OBJECT_ROUTINE: { word: 'DROP ROUTINE', ...FUNCTION },
  OBJECT_AGGREGATE: { word: 'DROP AGGREGATE', ...FUNCTION },
  OBJECT_VIEW: { word: 'DROP VIEW', ...VIEW },
  OBJECT_MATVIEW: { word: 'DROP MATERIALIZED VIEW', ...VIEW },
  OBJECT_SEQUENCE: {
    word: 'DROP SEQUENCE',
    object: 'sequence',
    columns: false,
    takes: 'every default that takes numbers from it: rows inserted from then on get NULL, or fail.',
  },
};

function describe(
  kind: Kind,
  names: readonly QualifiedName[],
  falls: readonly Column[],
  facts: SchemaFacts,
): string {
  if (falls.length > 0) {
    const columns = showList(
      falls.map(({ table, column }) => `${showName(table)}.${showIdentifier(column)}`),
    );
    const tables = showList([...new Set(falls.map(({ table }) => showName(table)))]);
    return `${columns} with all values, which nothing but a backup brings back. ${tables} ${falls.length === 1 ? 'is' : 'are'} locked against reads and writes (ACCESS EXCLUSIVE) until the commit, and a release that names such a column fails from then on (42703).`;
  }
  const readers = kind.object === null ? readersOf(names, facts) : [];
  if (readers.length === 0) return kind.takes;
  return `what reads ${names.length === 1 ? 'it' : 'them'}: ${showList(readers.map(showName))}, and whatever the migrations do not know.`;
}

type Column = { readonly table: QualifiedName; readonly column: string };

/** The columns that are of the type, as far as they are known; those of an extension's types are not. */
function columnsOf({ object }: Kind, name: QualifiedName, facts: SchemaFacts): readonly Column[] {
  if (object !== 'type' && object !== 'domain') return [];
  return [...facts.tables()]
    .filter(({ kind, partitionOf }) => kind === 'table' && partitionOf === null)
    .flatMap(({ name: table, columns }) =>
      [...columns.values()]
        .filter(({ type }) => type !== null && keyOfName(type) === keyOfName(name))
        .map((column) => ({ table, column: column.name })),
    );
}

/** Whoever knows the type knows the tables, too. */
function isKnown(name: QualifiedName, facts: SchemaFacts): boolean {
  return (
    facts.enum(name) !== null || facts.object('type', name) !== null || facts.object('domain', name) !== null
  );
}

function isNew({ object }: Kind, name: QualifiedName, statement: LintStatement, facts: SchemaFacts): boolean {
  const known = object === null ? facts.table(name) : facts.object(object, name);
  return facts.isNew(known, statement) || facts.isNew(facts.enum(name), statement);
}

function readersOf(names: readonly QualifiedName[], facts: SchemaFacts): readonly QualifiedName[] {
  const gone = new Set(names.map(keyOfName));
  return [...facts.tables()]
    .filter(({ query, name }) => {
      if (query === null || gone.has(keyOfName(name))) return false;
      return relationsRead(query).some((read) => gone.has(keyOfName(read)));
    })
    .map(({ name }) => name);
}

function relationsRead(tree: unknown): readonly QualifiedName[] {
  if (typeof tree !== 'object' || tree === null) return [];
  if ('relname' in tree) return [nameOfRelation(tree as Parameters<typeof nameOfRelation>[0])];
  return Object.values(tree).flatMap(relationsRead);
}

/** An enum that is made anew has rules that say what its columns lack. */
function isToldByRecreate(
  statement: LintStatement,
  { migrations }: Pick<RuleContext, 'migrations'>,
): boolean {
  const { batch } = statement.migration;
  return migrations
    .filter((one) => one.batch === batch && one.statements.some(({ node }) => 'CreateEnumStmt' in node))
    .flatMap((one) => enumRecreates(one, migrations.slice(migrations.indexOf(one) + 1)))
    .some((recreate) => recreate.drop === statement && stateOfRecreate(recreate) === 'incomplete');
}
