import type { NodeOf, ParseNode, SqlToken } from '../../sql/parser.ts';
import { alterTableCommands, columnOf, constraintOf, constraintsOf } from '../facts/alter-commands.ts';
import { nameOfParts, nameOfRelation, type QualifiedName } from '../facts/names.ts';
import type { LintStatement, Span } from '../migration.ts';

export type CreatedKind =
  | 'table'
  | 'view'
  | 'index'
  | 'column'
  | 'check'
  | 'foreign key'
  | 'unique constraint'
  | 'primary key'
  | 'constraint'
  | 'type'
  | 'trigger'
  | 'policy'
  | 'sequence';

/** A name that a statement gives, longer than PostgreSQL keeps. */
export type LongName = {
  readonly kind: CreatedKind;
  /** As it is written, without its quotes. */
  readonly full: string;
  /** What PostgreSQL makes of it. */
  readonly cut: string;
  /** The table that it belongs to; null for what belongs to a schema. */
  readonly table: QualifiedName | null;
  readonly at: Span;
};

/** NAMEDATALEN - 1. */
export const LONGEST = 63;
/** No letter is cut in two, and in UTF-8 none is longer. */
const LONGEST_LETTER = 4;

/** The names that a statement gives to new things, and that are too long. Names of what is there are none. Pure. */
export function longNames(statement: LintStatement): readonly LongName[] {
  if (statement.nested) return [];
  const created = [...createdNames(statement.node)];
  // The tree has names as PostgreSQL keeps them; only one that is as long as can be was longer. The scanner is slow.
  if (!created.some(({ name = '' }) => Buffer.byteLength(name) > LONGEST - LONGEST_LETTER)) return [];
  const long = statement.tokens().flatMap((token) => {
    const full = identifierOf(token);
    return full === null || Buffer.byteLength(full) <= LONGEST
      ? []
      : [{ full, cut: cutIdentifier(full), at: { start: token.start, end: token.end } }];
  });
  const seen = new Set<string>();
  return long.flatMap((one) => {
    if (seen.has(one.full)) return [];
    seen.add(one.full);
    // Of several that are cut alike, each stands for one of them.
    const place = created.findIndex(({ name }) => name === one.cut);
    const [known] = place === -1 ? [] : created.splice(place, 1);
    return known === undefined ? [] : [{ ...one, kind: known.kind, table: known.table }];
  });
}

/** The first 63 bytes, or fewer: no letter is cut in two. */
export function cutIdentifier(name: string): string {
  let cut = '';
  let bytes = 0;
  for (const letter of name) {
    bytes += Buffer.byteLength(letter);
    if (bytes > LONGEST) break;
    cut += letter;
  }
  return cut;
}

/** What a token names; null for texts, numbers, keywords and signs. */
function identifierOf({ text, keyword, comment }: SqlToken): string | null {
  if (comment || keyword !== null) return null;
  if (text.startsWith('"')) return text.slice(1, -1).replaceAll('""', '"');
  const isPlain = /^[\p{L}_\u0080-\uffff]/u.test(text) && !text.includes("'") && !text.includes('"');
  // Without quotes PostgreSQL makes ASCII letters small.
  return isPlain ? text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase()) : null;
}

type Created = {
  readonly kind: CreatedKind;
  readonly name: string | undefined;
  readonly table: QualifiedName | null;
};

function createdNames(node: ParseNode): readonly Created[] {
  if ('CreateStmt' in node) return createdTable(node.CreateStmt);
  if ('IndexStmt' in node) {
    const { idxname, relation } = node.IndexStmt;
    return [{ kind: 'index', name: idxname, table: relation ? nameOfRelation(relation) : null }];
  }
  if ('RenameStmt' in node) return createdByRename(node.RenameStmt);
  if ('ViewStmt' in node) return [{ kind: 'view', name: node.ViewStmt.view?.relname, table: null }];
  if ('CreateTableAsStmt' in node)
    return [{ kind: 'table', name: node.CreateTableAsStmt.into?.rel?.relname, table: null }];
  if ('CreateSeqStmt' in node)
    return [{ kind: 'sequence', name: node.CreateSeqStmt.sequence?.relname, table: null }];
  if ('CreateEnumStmt' in node)
    return [{ kind: 'type', name: nameOfParts(node.CreateEnumStmt.typeName).name, table: null }];
  if ('CreateTrigStmt' in node) {
    const { trigname, relation } = node.CreateTrigStmt;
    return [{ kind: 'trigger', name: trigname, table: relation ? nameOfRelation(relation) : null }];
  }
  if ('CreatePolicyStmt' in node) {
    const { policy_name, table } = node.CreatePolicyStmt;
    return [{ kind: 'policy', name: policy_name, table: table ? nameOfRelation(table) : null }];
  }
  return alterTableCommands(node).flatMap((command): readonly Created[] => {
    const table = nameOfRelation(command.relation);
    const column = columnOf(command);
    const constraint = constraintOf(command);
    if (command.subtype === 'AT_AddColumn' && column !== null) return createdColumn(column, table);
    return command.subtype === 'AT_AddConstraint' && constraint !== null
      ? [createdConstraint(constraint, table)]
      : [];
  });
}

function createdTable({ relation, tableElts = [] }: NodeOf<'CreateStmt'>): readonly Created[] {
  if (relation === undefined) return [];
  const table = nameOfRelation(relation);
  return [
    { kind: 'table', name: table.name, table: null },
    ...tableElts.flatMap((element): readonly Created[] => {
      if ('ColumnDef' in element) return createdColumn(element.ColumnDef, table);
      return 'Constraint' in element ? [createdConstraint(element.Constraint, table)] : [];
    }),
  ];
}

function createdColumn(column: NodeOf<'ColumnDef'>, table: QualifiedName): readonly Created[] {
  return [
    { kind: 'column', name: column.colname, table },
    ...constraintsOf(column).map((constraint) => createdConstraint(constraint, table)),
  ];
}

const CONSTRAINTS: Readonly<Record<string, CreatedKind>> = {
  CONSTR_CHECK: 'check',
  CONSTR_FOREIGN: 'foreign key',
  CONSTR_UNIQUE: 'unique constraint',
  CONSTR_PRIMARY: 'primary key',
};

function createdConstraint({ contype, conname }: NodeOf<'Constraint'>, table: QualifiedName): Created {
  return { kind: CONSTRAINTS[contype ?? ''] ?? 'constraint', name: conname, table };
}

const RENAMED: Readonly<Record<string, CreatedKind>> = {
  OBJECT_TABLE: 'table',
  OBJECT_INDEX: 'index',
  OBJECT_COLUMN: 'column',
  OBJECT_TABCONSTRAINT: 'constraint',
  OBJECT_TYPE: 'type',
  OBJECT_VIEW: 'view',
  OBJECT_SEQUENCE: 'sequence',
};

function createdByRename({ renameType, newname, relation }: NodeOf<'RenameStmt'>): readonly Created[] {
  const kind = RENAMED[renameType ?? ''];
  if (kind === undefined) return [];
  const within = kind === 'column' || kind === 'constraint';
  return [{ kind, name: newname, table: within && relation ? nameOfRelation(relation) : null }];
}
