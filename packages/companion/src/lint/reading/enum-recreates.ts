import type { ParseNode } from '../../sql/parser.ts';
import { alterTableCommands, columnOf, namesOf } from '../facts/alter-commands.ts';
import { droppedNames } from '../facts/apply-drop.ts';
import { keyOfName, nameOfParts, nameOfRelation, type QualifiedName } from '../facts/names.ts';
import { readTypeName } from '../facts/sql-type.ts';
import type { LintMigration, LintStatement } from '../migration.ts';

/** A column that is given another type. */
export type Cast = {
  readonly statement: LintStatement;
  readonly table: QualifiedName;
  readonly column: string;
  readonly using: ParseNode | null;
};

/** An enum that a migration makes anew under its old name. */
export type EnumRecreate = {
  /**
   * How the old one gives way: `rename`, to another name; `swap`, the new one is made under another name; `text`, it is
   * dropped while the columns are text, which is what drizzle-kit writes.
   */
  readonly style: 'rename' | 'swap' | 'text';
  /** Its name before and after. */
  readonly type: QualifiedName;
  /** The name that the old one bears when it is dropped. */
  readonly oldName: QualifiedName;
  /** The name that the new one bears while columns are moved to it. */
  readonly newName: QualifiedName;
  readonly values: readonly string[];
  /** The first statement of it: the facts before this one are those of the old type. */
  readonly first: LintStatement;
  readonly create: LintStatement;
  /** ALTER TYPE … RENAME; null where there is none. */
  readonly rename: LintStatement | null;
  readonly drop: LintStatement | null;
  /** To the new type, here or in a later migration. */
  readonly casts: readonly Cast[];
  /** To text, before the old type is dropped. */
  readonly detours: readonly Cast[];
};

/** The enums that the migration makes anew, in order. `later`: what runs after it. Pure. */
export function enumRecreates(
  migration: LintMigration,
  later: readonly LintMigration[],
): readonly EnumRecreate[] {
  const own = migration.statements.filter(({ nested }) => !nested);
  const all = [migration, ...later].flatMap(({ statements }) => statements.filter(({ nested }) => !nested));
  return own.flatMap((create) => {
    const made = madeEnum(create);
    if (made === null) return [];
    const before = own.filter(({ index }) => index < create.index);
    const after = all.slice(all.indexOf(create) + 1);
    return (
      renamed(create, made, { before, after }) ??
      dropped(create, made, { before, after }) ??
      swapped(create, made, { after }) ??
      []
    );
  });
}

type Made = { readonly name: QualifiedName; readonly values: readonly string[] };
type Around = { readonly before: readonly LintStatement[]; readonly after: readonly LintStatement[] };

function renamed(
  create: LintStatement,
  { name, values }: Made,
  { before, after }: Around,
): EnumRecreate | null {
  const rename = before.findLast((statement) => renameOf(statement)?.from === keyOfName(name));
  const to = rename === undefined ? null : renameOf(rename)?.to;
  if (rename === undefined || !to) return null;
  const oldName = { ...name, name: to };
  return {
    style: 'rename',
    type: name,
    oldName,
    newName: name,
    values,
    first: rename,
    create,
    rename,
    drop: after.find((statement) => drops(statement, oldName)) ?? null,
    casts: after.flatMap((statement) => castsTo(statement, name)),
    detours: [],
  };
}

function dropped(
  create: LintStatement,
  { name, values }: Made,
  { before, after }: Around,
): EnumRecreate | null {
  const drop = before.findLast((statement) => drops(statement, name));
  if (drop === undefined) return null;
  const casts = after.flatMap((statement) => castsTo(statement, name));
  const isBack = ({ table, column }: Cast): boolean =>
    casts.some((one) => one.column === column && keyOfName(one.table) === keyOfName(table));
  const detours = before.flatMap((statement) => castsTo(statement, TEXT)).filter(isBack);
  return {
    style: 'text',
    type: name,
    oldName: name,
    newName: name,
    values,
    first: detours[0]?.statement ?? drop,
    create,
    rename: null,
    drop,
    casts,
    detours,
  };
}

/** The new type takes over the name of one that is there, which `drop` or a rename has freed. */
function swapped(
  create: LintStatement,
  { name, values }: Made,
  { after }: Pick<Around, 'after'>,
): EnumRecreate | null {
  const rename = after.find((statement) => renameOf(statement)?.from === keyOfName(name));
  const to = rename === undefined ? null : renameOf(rename)?.to;
  if (rename === undefined || !to || rename.migration !== create.migration) return null;
  const type = { ...name, name: to };
  const between = after.slice(0, after.indexOf(rename));
  const drop = between.find((statement) => drops(statement, type));
  if (drop === undefined) return null;
  return {
    style: 'swap',
    type,
    oldName: type,
    newName: name,
    values,
    first: create,
    create,
    rename,
    drop,
    casts: between.flatMap((statement) => castsTo(statement, name)),
    detours: [],
  };
}

function madeEnum({ node }: LintStatement): Made | null {
  if (!('CreateEnumStmt' in node)) return null;
  const { typeName, vals } = node.CreateEnumStmt;
  return { name: nameOfParts(typeName), values: namesOf(vals) };
}

function renameOf({ node }: LintStatement): { readonly from: string; readonly to: string } | null {
  if (!('RenameStmt' in node) || node.RenameStmt.renameType !== 'OBJECT_TYPE') return null;
  const { object, newname = '' } = node.RenameStmt;
  if (object === undefined || !('List' in object)) return null;
  return { from: keyOfName(nameOfParts(object.List.items)), to: newname };
}

function drops({ node }: LintStatement, name: QualifiedName): boolean {
  if (!('DropStmt' in node) || node.DropStmt.removeType !== 'OBJECT_TYPE') return false;
  return droppedNames(node.DropStmt).some((one) => keyOfName(one) === keyOfName(name));
}

const TEXT: QualifiedName = { schema: null, name: 'text' };

function castsTo(statement: LintStatement, type: QualifiedName): readonly Cast[] {
  return alterTableCommands(statement.node).flatMap((command) => {
    const definition = command.subtype === 'AT_AlterColumnType' ? columnOf(command) : null;
    if (definition?.typeName === undefined) return [];
    if (keyOfName(readTypeName(definition.typeName)) !== keyOfName(type)) return [];
    return [
      {
        statement,
        table: nameOfRelation(command.relation),
        column: command.name ?? '',
        using: definition.raw_default ?? null,
      },
    ];
  });
}

/** The one that begins with the statement; null for nearly all statements. */
export function recreateFrom(
  statement: LintStatement,
  migrations: readonly LintMigration[],
): EnumRecreate | null {
  const { node, migration, nested } = statement;
  const mayBegin =
    'AlterTableStmt' in node || 'RenameStmt' in node || 'CreateEnumStmt' in node || 'DropStmt' in node;
  if (!mayBegin || nested || !mayRecreate(migration)) return null;
  const later = migrations.slice(migrations.indexOf(migration) + 1);
  return enumRecreates(migration, later).find(({ first }) => first === statement) ?? null;
}

/** Is a name that it gives to an enum one that it takes away from a type, or gives to another? */
function mayRecreate({ statements }: LintMigration): boolean {
  const made = new Set(statements.flatMap((one) => madeEnum(one)?.name ?? []).map(keyOfName));
  if (made.size === 0) return false;
  return statements.some((statement) => {
    const { node } = statement;
    const from = renameOf(statement)?.from;
    if (from !== undefined) return made.has(from);
    if (!('DropStmt' in node) || node.DropStmt.removeType !== 'OBJECT_TYPE') return false;
    return droppedNames(node.DropStmt).some((name) => made.has(keyOfName(name)));
  });
}
