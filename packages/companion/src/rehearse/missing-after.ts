import { parseOne } from '../sql/parse-tolerantly.ts';
import type { NodeName, NodeOf, ParseNode, RangeVar, SqlParser } from '../sql/parser.ts';
import { subtrees } from './subtrees.ts';

/** One thing that is not as a statement that was left out would have made it. Names are without their schema. */
export type Missing =
  /** It would be there. `column`: one of that table. `prefix`: PostgreSQL would have given it a name that begins so. */
  | { readonly kind: 'made'; readonly name: string; readonly as?: 'prefix'; readonly columnOf?: string }
  /** It would not be there any more. */
  | { readonly kind: 'gone'; readonly name: string; readonly columnOf?: string }
  /** The table would have one more key, for references and ON CONFLICT. */
  | { readonly kind: 'key'; readonly table: string }
  /** The rows of the table would be others; null: of any table. */
  | { readonly kind: 'rows'; readonly table: string | null }
  | { readonly kind: 'detached'; readonly partition: string }
  /** Sequences would go on elsewhere. */
  | { readonly kind: 'position' };

/** A statement, and its tree; null where our parser cannot read it. */
export type ReadSql = { readonly node: ParseNode | null; readonly text: string };

/** What is missing after a statement that was not executed, as far as its text tells. Pure. */
export function missingAfter({ node, text }: ReadSql, parser: SqlParser): readonly Missing[] {
  if (node === null) return [];
  if ('CallStmt' in node) return ANY_ROWS;
  if ('DoStmt' in node) {
    const inside = parser
      .parseBlock(text)
      .flatMap((sql) => missingAfter({ node: parseOne(sql, parser), text: sql }, parser));
    return [...ANY_ROWS, ...inside];
  }
  if ('CopyStmt' in node && !node.CopyStmt.is_from) return [];
  return [...changedObjects(node), ...writtenTables(node)];
}

export const ANY_ROWS: readonly Missing[] = [{ kind: 'rows', table: null }];

const WRITES = ['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt', 'CopyStmt'];

/** Those of common table expressions among them. */
function writtenTables(node: ParseNode): readonly Missing[] {
  return subtrees(node).flatMap((inner) =>
    WRITES.flatMap((name) => {
      const write = inner[name] as { relation?: RangeVar } | undefined;
      const table = write?.relation?.relname;
      return table === undefined ? [] : [{ kind: 'rows' as const, table }];
    }),
  );
}

function changedObjects(node: ParseNode): readonly Missing[] {
  if ('IndexStmt' in node) {
    const { idxname, relation, unique } = node.IndexStmt;
    const table = relation?.relname ?? '';
    return [...named(idxname, table), ...(unique ? [{ kind: 'key' as const, table }] : [])];
  }
  if ('AlterTableStmt' in node) {
    const { cmds = [], relation } = node.AlterTableStmt;
    return cmds.flatMap((cmd) =>
      'AlterTableCmd' in cmd ? changedByTable(cmd.AlterTableCmd, relation?.relname ?? '') : [],
    );
  }
  if ('RenameStmt' in node) {
    const { relation, subname, newname } = node.RenameStmt;
    const column = node.RenameStmt.renameType === 'OBJECT_COLUMN' && { columnOf: relation?.relname ?? '' };
    const old = subname ?? relation?.relname;
    return [
      ...(newname ? [{ kind: 'made' as const, name: newname, ...column }] : []),
      ...(old ? [{ kind: 'gone' as const, name: old, ...column }] : []),
    ];
  }
  if ('DropStmt' in node) {
    return (node.DropStmt.objects ?? []).flatMap((object) =>
      gone(lastOf('List' in object ? object.List.items : [object])),
    );
  }
  const made = Object.entries(node).map(([name, inner]) => MADE[name as NodeName]?.(inner as never));
  const dropped = Object.entries(node).map(([name, inner]) => DROPPED[name as NodeName]?.(inner as never));
  return [...made.flatMap((name) => (name ? named(name, '') : [])), ...dropped.flatMap(gone)];
}

function changedByTable({ subtype, def, name }: NodeOf<'AlterTableCmd'>, table: string): readonly Missing[] {
  if (subtype === 'AT_DropColumn') return name ? [{ kind: 'gone', name, columnOf: table }] : [];
  if (subtype === 'AT_DropConstraint') return gone(name);
  if (def === undefined) return [];
  if (subtype === 'AT_DetachPartition') {
    const partition = 'PartitionCmd' in def ? def.PartitionCmd.name?.relname : undefined;
    return partition === undefined ? [] : [{ kind: 'detached', partition }];
  }
  const column = subtype === 'AT_AddColumn' && 'ColumnDef' in def ? def.ColumnDef : undefined;
  const constraints = [def, ...(column?.constraints ?? [])].flatMap((one) =>
    'Constraint' in one ? [one.Constraint] : [],
  );
  return [
    ...(column?.colname ? [{ kind: 'made' as const, name: column.colname, columnOf: table }] : []),
    ...constraints.flatMap(({ conname, contype }): readonly Missing[] => [
      ...named(conname, table),
      ...(contype === 'CONSTR_UNIQUE' || contype === 'CONSTR_PRIMARY'
        ? [{ kind: 'key' as const, table }]
        : []),
    ]),
  ];
}

/** Without a name, PostgreSQL makes one from the table's. */
function named(name: string | undefined, table: string): readonly Missing[] {
  return [name ? { kind: 'made', name } : { kind: 'made', name: `${table}_`, as: 'prefix' }];
}

function gone(name: string | undefined): readonly Missing[] {
  return name ? [{ kind: 'gone', name }] : [];
}

function lastOf(path: readonly ParseNode[] | undefined): string | undefined {
  const last = path?.at(-1);
  return last !== undefined && 'String' in last ? last.String.sval : undefined;
}

type Names = { readonly [Name in NodeName]?: (statement: NodeOf<Name>) => string | undefined };

const MADE: Names = {
  CompositeTypeStmt: ({ typevar }) => typevar?.relname,
  CreateDomainStmt: ({ domainname }) => lastOf(domainname),
  CreateEnumStmt: ({ typeName }) => lastOf(typeName),
  CreateFunctionStmt: ({ funcname }) => lastOf(funcname),
  CreatePolicyStmt: ({ policy_name }) => policy_name,
  CreateSchemaStmt: ({ schemaname }) => schemaname,
  CreateSeqStmt: ({ sequence }) => sequence?.relname,
  CreateStmt: ({ relation }) => relation?.relname,
  CreateSubscriptionStmt: ({ subname }) => subname,
  CreateTableAsStmt: ({ into }) => into?.rel?.relname,
  CreateTableSpaceStmt: ({ tablespacename }) => tablespacename,
  CreateTrigStmt: ({ trigname }) => trigname,
  CreatedbStmt: ({ dbname }) => dbname,
  ViewStmt: ({ view }) => view?.relname,
};

const DROPPED: Names = {
  DropSubscriptionStmt: ({ subname }) => subname,
  DropTableSpaceStmt: ({ tablespacename }) => tablespacename,
  DropdbStmt: ({ dbname }) => dbname,
};
