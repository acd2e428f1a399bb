import { alterTableCommands } from '../facts/alter-commands.ts';
import { droppedNames } from '../facts/apply-drop.ts';
import { nameOfIndex } from '../facts/index-name.ts';
import { keyOfName, nameOfParts, nameOfRelation, type QualifiedName, showName } from '../facts/names.ts';
import type { Birth, SchemaFacts } from '../facts/schema-facts.ts';
import type { LintMigration, LintStatement } from '../migration.ts';
import { defineRule } from '../rule.ts';

export const createThenDrop = defineRule({
  id: 'create-then-drop',
  family: 'data',
  level: 'info',
  title: 'What one migration makes, a later one of the same deployment drops',
  options: {
    /** How many migrations may lie between the two, and the pair still be told. */
    window: 10,
  },
  statement(statement, { facts, migrations, options: { window } }) {
    if (statement.nested) return [];
    return droppedThings(statement, facts).flatMap(({ what, born, name, key }) => {
      if (born === null || !isPair(born, statement, { migrations, window })) return [];
      // Under another name than it was made with it is what another thing has taken the place of.
      if (!born.text.includes(name) || isMadeAgain(statement, key)) return [];
      if (isUsedBetween(born, statement, migrations, name)) return [];
      return [
        {
          statement,
          message: `${what} is dropped here, and was made by ${born.migration.name}, which is deployed at the same time: the two cancel out, and each database does the work of both.`,
          hint: `If ${born.migration.name} has run nowhere yet, take both statements out: remove the migrations of this branch and generate them anew, so that drizzle-kit's snapshots stay true. Where it has run, keep both.`,
        },
      ];
    });
  },
});

type Dropped = {
  /** For people: `The table drafts`. */
  readonly what: string;
  readonly born: Birth;
  /** The name by which other statements speak of it. */
  readonly name: string;
  /** Under which it would be made again; null where that is not looked for. */
  readonly key: string | null;
};

/** Functions, triggers and CHECKs are left out: scaffolds that stand for a few migrations on purpose. */
function droppedThings({ node }: LintStatement, facts: SchemaFacts): readonly Dropped[] {
  if ('DropStmt' in node) {
    const { removeType } = node.DropStmt;
    return droppedNames(node.DropStmt).flatMap((name) => droppedThing(removeType, name, facts));
  }
  return alterTableCommands(node).flatMap(({ subtype, name = '', relation }) => {
    const table = facts.table(nameOfRelation(relation));
    // A table that is itself as new tells of its columns when it is dropped.
    if (table === null || table.temporary) return [];
    if (subtype === 'AT_DropColumn') {
      const column = table.columns.get(name);
      const born = column?.born === table.born ? null : (column?.born ?? null);
      return [{ what: `The column ${showName(table.name)}.${name}`, born, name, key: null }];
    }
    const constraint = subtype === 'AT_DropConstraint' ? table.constraints.get(name) : undefined;
    if (constraint === undefined || constraint.kind === 'check' || constraint.kind === 'not null') return [];
    const born = constraint.born === table.born ? null : constraint.born;
    return [{ what: `The constraint ${name} of ${showName(table.name)}`, born, name, key: null }];
  });
}

function droppedThing(kind: string | undefined, name: QualifiedName, facts: SchemaFacts): readonly Dropped[] {
  const found = (word: string, born: Birth): readonly Dropped[] => [
    { what: `The ${word} ${showName(name)}`, born, name: name.name, key: keyOfName(name) },
  ];
  switch (kind) {
    case 'OBJECT_TABLE': {
      const table = facts.table(name);
      return table === null || table.temporary ? [] : found('table', table.born);
    }
    case 'OBJECT_VIEW':
    case 'OBJECT_MATVIEW':
      return found(kind === 'OBJECT_VIEW' ? 'view' : 'materialized view', facts.table(name)?.born ?? null);
    case 'OBJECT_INDEX':
      return found('index', facts.index(name)?.born ?? null);
    case 'OBJECT_TYPE':
      return found('type', (facts.enum(name) ?? facts.object('type', name))?.born ?? null);
    case 'OBJECT_SEQUENCE':
      return found('sequence', facts.object('sequence', name)?.born ?? null);
    default:
      return [];
  }
}

type Span = { readonly migrations: readonly LintMigration[]; readonly window: number };

/** In two migrations of one deployment, near enough: within one migration it is on purpose. */
function isPair(born: LintStatement, dropped: LintStatement, { migrations, window }: Span): boolean {
  if (born.migration === dropped.migration || born.migration.batch !== dropped.migration.batch) return false;
  return migrations.indexOf(dropped.migration) - migrations.indexOf(born.migration) <= window + 1;
}

/** Rows that pass through it, a constraint that rests on it: it has done its work when it is dropped. */
function isUsedBetween(
  born: LintStatement,
  dropped: LintStatement,
  migrations: readonly LintMigration[],
  name: string,
): boolean {
  const between = migrations.slice(
    migrations.indexOf(born.migration),
    migrations.indexOf(dropped.migration) + 1,
  );
  return between.some((migration) =>
    migration.statements.some((statement) => {
      const { node } = statement;
      if (statement === born || (migration === dropped.migration && statement.index >= dropped.index))
        return false;
      const isWork =
        WORK.some((kind) => kind in node) ||
        alterTableCommands(node).some(({ subtype }) => subtype === 'AT_AlterColumnType');
      return isWork && statement.text.includes(name);
    }),
  );
}

const WORK = [
  'InsertStmt',
  'UpdateStmt',
  'DeleteStmt',
  'MergeStmt',
  'SelectStmt',
  'CopyStmt',
  'DoStmt',
  'CallStmt',
  'CreateTableAsStmt',
];

/** Replaced by another of its name: what is made once more is meant. */
function isMadeAgain({ migration, index }: LintStatement, key: string | null): boolean {
  if (key === null) return false;
  return migration.statements.slice(index + 1).some(({ node }) => madeKey(node) === key);
}

function madeKey(node: LintStatement['node']): string | null {
  if ('CreateStmt' in node && node.CreateStmt.relation)
    return keyOfName(nameOfRelation(node.CreateStmt.relation));
  if ('ViewStmt' in node && node.ViewStmt.view) return keyOfName(nameOfRelation(node.ViewStmt.view));
  if ('CreateTableAsStmt' in node && node.CreateTableAsStmt.into?.rel)
    return keyOfName(nameOfRelation(node.CreateTableAsStmt.into.rel));
  if ('IndexStmt' in node && node.IndexStmt.relation)
    return keyOfName(nameOfIndex(node.IndexStmt, node.IndexStmt.relation));
  if ('CreateEnumStmt' in node) return keyOfName(nameOfParts(node.CreateEnumStmt.typeName));
  return null;
}
