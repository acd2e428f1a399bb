import type { NodeOf, ParseNode, RangeVar } from '../../sql/parser.ts';

/** One command of an ALTER TABLE: `ADD COLUMN …`, `ALTER COLUMN … TYPE …`. */
export type AlterCommand = NodeOf<'AlterTableCmd'> & { readonly relation: RangeVar };

/** The commands of ALTER TABLE, in the order in which they are written; none for any other statement. */
export function alterTableCommands(node: ParseNode): readonly AlterCommand[] {
  if (!('AlterTableStmt' in node)) return NONE;
  const known = commands.get(node);
  if (known !== undefined) return known;
  const { relation, cmds = [], objtype } = node.AlterTableStmt;
  const read =
    relation === undefined || objtype !== 'OBJECT_TABLE'
      ? NONE
      : cmds.flatMap((cmd) => ('AlterTableCmd' in cmd ? [{ ...cmd.AlterTableCmd, relation }] : []));
  commands.set(node, read);
  return read;
}

const NONE: readonly AlterCommand[] = [];

/** Nearly every rule asks for them. */
const commands = new WeakMap<ParseNode, readonly AlterCommand[]>();

/** The constraints that the commands drop: of one ALTER TABLE, PostgreSQL does that before all else. */
export function droppedConstraints(commands: readonly AlterCommand[]): ReadonlySet<string> {
  return new Set(
    commands.flatMap(({ subtype, name }) => (subtype === 'AT_DropConstraint' ? (name ?? []) : [])),
  );
}

/** The column that an ADD COLUMN or ALTER COLUMN TYPE is about. */
export function columnOf({ def }: AlterCommand): NodeOf<'ColumnDef'> | null {
  return def !== undefined && 'ColumnDef' in def ? def.ColumnDef : null;
}

/** The constraint that an ADD CONSTRAINT is about. */
export function constraintOf({ def }: AlterCommand): NodeOf<'Constraint'> | null {
  return def !== undefined && 'Constraint' in def ? def.Constraint : null;
}

/** The constraints that stand with a column's definition. */
export function constraintsOf({ constraints = [] }: NodeOf<'ColumnDef'>): readonly NodeOf<'Constraint'>[] {
  return constraints.flatMap((node) => ('Constraint' in node ? [node.Constraint] : []));
}

/** The texts of a list of names: `keys`, `fk_attrs`, `pk_attrs`. */
export function namesOf(nodes: readonly ParseNode[] | undefined): readonly string[] {
  return (nodes ?? []).flatMap((node) => ('String' in node ? [node.String.sval ?? ''] : []));
}
