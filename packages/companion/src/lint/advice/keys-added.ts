import type { NodeOf } from '../../sql/parser.ts';
import {
  type AlterCommand,
  alterTableCommands,
  columnOf,
  constraintOf,
  constraintsOf,
  namesOf,
} from '../facts/alter-commands.ts';
import { nameOfRelation, type QualifiedName } from '../facts/names.ts';
import type { LintStatement } from '../migration.ts';
import type { Edit } from '../rule.ts';
import { commandSpans, withoutCommands } from './alter-parts.ts';
import { spanOfColumnKey } from './column-key-span.ts';

/** A UNIQUE or PRIMARY KEY that an ALTER TABLE adds. */
export type AddedKey = {
  /** Its place among the commands. */
  readonly place: number;
  readonly command: AlterCommand;
  readonly node: NodeOf<'Constraint'>;
  readonly table: QualifiedName;
  readonly name: string;
  /** Key columns; none with USING INDEX. */
  readonly columns: readonly string[];
  /** The column with whose ADD COLUMN it stands; null for an ADD CONSTRAINT. */
  readonly column: NodeOf<'ColumnDef'> | null;
  readonly deferrable: 'DEFERRABLE' | 'DEFERRABLE INITIALLY DEFERRED' | null;
};

type Kind = 'CONSTR_UNIQUE' | 'CONSTR_PRIMARY';

/** In order. A key WITHOUT OVERLAPS is an exclusion constraint by another name, and is not among them. */
export function addedKeys({ node }: LintStatement, kind: Kind): readonly AddedKey[] {
  return alterTableCommands(node).flatMap((command, place) => {
    const column = command.subtype === 'AT_AddColumn' ? columnOf(command) : null;
    const own = command.subtype === 'AT_AddConstraint' ? constraintOf(command) : null;
    const among = column === null ? (own === null ? [] : [own]) : constraintsOf(column);
    const constraint = among.find(({ contype, without_overlaps }) => contype === kind && !without_overlaps);
    if (constraint === undefined) return [];
    const table = nameOfRelation(command.relation);
    const columns = column === null ? namesOf(constraint.keys) : [column.colname ?? ''];
    const behind = attributesBehind(constraint, among);
    const isDeferred = constraint.initdeferred || behind.includes('CONSTR_ATTR_DEFERRED');
    const isDeferrable = constraint.deferrable || behind.includes('CONSTR_ATTR_DEFERRABLE');
    const suffix = kind === 'CONSTR_UNIQUE' ? [...columns, 'key'] : ['pkey'];
    return [
      {
        place,
        command,
        node: constraint,
        table,
        name: constraint.conname || [table.name, ...suffix].join('_'),
        columns,
        column,
        deferrable: isDeferred ? 'DEFERRABLE INITIALLY DEFERRED' : isDeferrable ? 'DEFERRABLE' : null,
      } as const,
    ];
  });
}

/**
 * The ALTER TABLE without these keys, and without dropping those that they replace: undefined where it cannot be told,
 * null where nothing is left.
 */
export function withoutKeys(
  statement: LintStatement,
  keys: readonly AddedKey[],
  replaced: readonly (string | null)[] = [],
): string | null | undefined {
  const spans = commandSpans(statement);
  if (spans === null) return undefined;
  const drops = alterTableCommands(statement.node).flatMap(({ subtype, name = '' }, place) =>
    subtype === 'AT_DropConstraint' && replaced.includes(name) ? [place] : [],
  );
  const dropped = new Set([
    ...drops,
    ...keys.flatMap(({ place, column }) => (column === null ? [place] : [])),
  ]);
  const edits = keys.flatMap((key): Edit[] => {
    const within = spans[key.place];
    if (key.column === null || within === undefined) return [];
    return [{ ...spanOfColumnKey(statement, key.node, within), text: '' }];
  });
  return withoutCommands(statement, spans, { dropped, edits });
}

/** DEFERRABLE and its kin stand behind a column's constraint as constraints of their own. */
function attributesBehind(
  constraint: NodeOf<'Constraint'>,
  among: readonly NodeOf<'Constraint'>[],
): readonly (string | undefined)[] {
  const behind = among.slice(among.indexOf(constraint) + 1).map(({ contype }) => contype);
  const other = behind.findIndex((contype) => !contype?.startsWith('CONSTR_ATTR'));
  return other === -1 ? behind : behind.slice(0, other);
}
