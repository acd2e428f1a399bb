import type { NodeOf } from '../../sql/parser.ts';
import { namesOf } from './alter-commands.ts';
import { nameOfRelation, type QualifiedName } from './names.ts';
import { notNullColumns } from './not-null-columns.ts';
import type { Birth, ConstraintFacts, ConstraintKind } from './schema-facts.ts';

const KINDS: Readonly<Record<string, ConstraintKind>> = {
  CONSTR_CHECK: 'check',
  CONSTR_FOREIGN: 'foreign key',
  CONSTR_UNIQUE: 'unique',
  CONSTR_PRIMARY: 'primary key',
  CONSTR_EXCLUSION: 'exclusion',
  CONSTR_NOTNULL: 'not null',
};

type ConstraintInput = {
  readonly node: NodeOf<'Constraint'>;
  readonly table: QualifiedName;
  /** The column it stands with; null for a constraint of the table. */
  readonly column: string | null;
  readonly born: Birth;
};

/** What a constraint's definition says; null for what is no constraint to the catalog: defaults, identity. Pure. */
export function buildConstraint({ node, table, column, born }: ConstraintInput): ConstraintFacts | null {
  const kind = KINDS[node.contype ?? ''];
  if (kind === undefined) return null;
  const named = [...namesOf(node.keys), ...namesOf(node.fk_attrs)];
  const columns = named.length === 0 && column !== null && kind !== 'check' ? [column] : named;
  return {
    name: node.conname ?? generatedName(kind, table, column === null ? columns : [column]),
    kind,
    columns,
    validated: node.skip_validation !== true,
    validatedBy: null,
    notNull:
      kind === 'check'
        ? notNullColumns(node.raw_expr)
        : kind === 'exclusion' || kind === 'unique' || kind === 'foreign key'
          ? []
          : columns,
    expression: kind === 'check' ? (node.raw_expr ?? null) : null,
    references: node.pktable === undefined ? null : nameOfRelation(node.pktable),
    born,
  };
}

const SUFFIXES: Readonly<Record<ConstraintKind, string>> = {
  check: 'check',
  'foreign key': 'fkey',
  unique: 'key',
  'primary key': 'pkey',
  exclusion: 'excl',
  'not null': 'not_null',
};

/** As PostgreSQL names it, unless that name is long or taken. */
function generatedName(kind: ConstraintKind, table: QualifiedName, columns: readonly string[]): string {
  const middle = kind === 'primary key' ? [] : columns;
  return [table.name, ...middle, SUFFIXES[kind]].join('_');
}
