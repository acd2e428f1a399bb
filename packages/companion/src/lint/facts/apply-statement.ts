import type { NodeOf, ParseNode } from '../../sql/parser.ts';
import type { LintStatement } from '../migration.ts';
import { alterTableCommands } from './alter-commands.ts';
import { applyAlterTable } from './apply-alter-table.ts';
import { applyDrop } from './apply-drop.ts';
import { applyRename, applySetSchema } from './apply-rename.ts';
import { addColumn, addConstraint, emptyTable } from './build-table.ts';
import { keyOfName, nameOfParts, nameOfRelation, type QualifiedName } from './names.ts';
import { keyOfObject, type ObjectFacts, type SchemaState, type TableFacts } from './schema-facts.ts';

/** Makes the statement's effect count among the facts. What it does not know changes nothing. */
export function applyStatement(state: SchemaState, statement: LintStatement): void {
  const { node } = statement;
  if ('CreateStmt' in node) applyCreateTable(state, statement, node.CreateStmt);
  else if ('CreateForeignTableStmt' in node) {
    const { base } = node.CreateForeignTableStmt;
    if (base !== undefined) applyCreateTable(state, statement, base, 'foreign table');
  } else if ('CreateTableAsStmt' in node) applyCreateTableAs(state, statement, node.CreateTableAsStmt);
  else if ('ViewStmt' in node) {
    const { view, query = null } = node.ViewStmt;
    if (view !== undefined)
      addTable(state, { ...emptyTable(nameOfRelation(view), statement), kind: 'view', query });
  } else if ('IndexStmt' in node) applyCreateIndex(state, statement, node.IndexStmt);
  else if ('AlterTableStmt' in node) {
    for (const command of alterTableCommands(node)) applyAlterTable(state, statement, command);
  } else if ('RenameStmt' in node) applyRename(state, node.RenameStmt);
  else if ('AlterObjectSchemaStmt' in node) applySetSchema(state, node.AlterObjectSchemaStmt);
  else if ('DropStmt' in node) applyDrop(state, node.DropStmt);
  else if ('CreateEnumStmt' in node) applyCreateEnum(state, statement, node.CreateEnumStmt);
  else if ('AlterEnumStmt' in node) applyAlterEnum(state, statement, node.AlterEnumStmt);
  else if ('AlterPolicyStmt' in node) applyAlterPolicy(state, node.AlterPolicyStmt);
  else {
    const made = madeObject(node);
    if (made !== null)
      state.objects.set(keyOfObject(made.kind, made.name), { expressions: [], ...made, born: statement });
  }
}

function applyCreateTable(
  state: SchemaState,
  statement: LintStatement,
  node: NodeOf<'CreateStmt'>,
  kind: TableFacts['kind'] = 'table',
): void {
  if (node.relation === undefined) return;
  const name = nameOfRelation(node.relation);
  // IF NOT EXISTS leaves a table as it is.
  if (node.if_not_exists === true && state.tables.has(keyOfName(name))) return;
  const parent = node.inhRelations?.[0];
  const table: TableFacts = {
    ...emptyTable(name, statement),
    kind,
    temporary: node.relation.relpersistence === 't',
    partitioned: node.partspec !== undefined,
    partitionOf:
      node.partbound !== undefined && parent !== undefined && 'RangeVar' in parent
        ? nameOfRelation(parent.RangeVar)
        : null,
    complete: node.inhRelations === undefined && node.ofTypename === undefined,
  };
  addTable(state, table);
  for (const element of [...(node.tableElts ?? []), ...(node.constraints ?? [])]) {
    if ('ColumnDef' in element) {
      addColumn(table, element.ColumnDef, statement);
    } else if ('Constraint' in element)
      addConstraint(table, { node: element.Constraint, column: null, born: statement });
    // LIKE brings columns from elsewhere.
    else table.complete = false;
  }
}

function applyCreateTableAs(
  state: SchemaState,
  statement: LintStatement,
  { into, objtype, if_not_exists, query }: NodeOf<'CreateTableAsStmt'>,
): void {
  if (into?.rel === undefined) return;
  const name = nameOfRelation(into.rel);
  if (if_not_exists === true && state.tables.has(keyOfName(name))) return;
  addTable(state, {
    ...emptyTable(name, statement),
    kind: objtype === 'OBJECT_MATVIEW' ? 'materialized view' : 'table',
    query: objtype === 'OBJECT_MATVIEW' ? (query ?? null) : null,
    temporary: into.rel.relpersistence === 't',
  });
}

function applyCreateIndex(state: SchemaState, statement: LintStatement, node: NodeOf<'IndexStmt'>): void {
  if (node.relation === undefined) return;
  const table = nameOfRelation(node.relation);
  const columns = (node.indexParams ?? []).map((param) =>
    'IndexElem' in param ? (param.IndexElem.name ?? null) : null,
  );
  const unnamed = [table.name, ...columns.map((column) => column ?? 'expr'), 'idx'].join('_');
  const name = { schema: table.schema, name: node.idxname ?? unnamed };
  if (node.if_not_exists === true && state.indexes.has(keyOfName(name))) return;
  state.indexes.set(keyOfName(name), {
    name,
    table,
    unique: node.unique === true,
    columns,
    partial: node.whereClause !== undefined,
    expressions: indexExpressions(node),
    concurrently: node.concurrent === true,
    born: statement,
  });
}

/** What an index computes: its keys that are no plain columns, and its WHERE. */
export function indexExpressions({
  indexParams = [],
  whereClause,
}: NodeOf<'IndexStmt'>): readonly ParseNode[] {
  const keys = indexParams.flatMap((param) => ('IndexElem' in param ? (param.IndexElem.expr ?? []) : []));
  return whereClause === undefined ? keys : [...keys, whereClause];
}

function applyCreateEnum(
  state: SchemaState,
  born: LintStatement,
  { typeName, vals = [] }: NodeOf<'CreateEnumStmt'>,
): void {
  const name = nameOfParts(typeName);
  const values = vals.flatMap((node) => ('String' in node ? [{ value: node.String.sval ?? '', born }] : []));
  state.enums.set(keyOfName(name), { name, values, born });
}

function applyAlterEnum(state: SchemaState, born: LintStatement, node: NodeOf<'AlterEnumStmt'>): void {
  const name = nameOfParts(node.typeName);
  const known = state.enums.get(keyOfName(name)) ?? { name, values: [], born: null };
  state.enums.set(keyOfName(name), known);
  const { oldVal, newVal, newValNeighbor, newValIsAfter } = node;
  if (oldVal !== undefined) {
    const renamed = known.values.find(({ value }) => value === oldVal);
    if (renamed !== undefined && newVal !== undefined) renamed.value = newVal;
    return;
  }
  if (newVal === undefined || known.values.some(({ value }) => value === newVal)) return;
  const neighbor = known.values.findIndex(({ value }) => value === newValNeighbor);
  const at = neighbor === -1 ? known.values.length : neighbor + (newValIsAfter === true ? 1 : 0);
  known.values.splice(at, 0, { value: newVal, born });
}

/** USING and WITH CHECK are replaced one by one; which of the known ones is which was not kept, so all count. */
function applyAlterPolicy(state: SchemaState, node: NodeOf<'AlterPolicyStmt'>): void {
  if (node.table === undefined) return;
  const policy = state.objects.get(keyOfObject('policy', withinTable(node.table, node.policy_name)));
  const added = [node.qual, node.with_check].filter((one) => one !== undefined);
  if (policy !== undefined) policy.expressions = [...policy.expressions, ...added];
}

type MadeObject = Pick<ObjectFacts, 'kind' | 'name'> & Partial<Pick<ObjectFacts, 'expressions'>>;

function madeObject(node: LintStatement['node']): MadeObject | null {
  if ('CreateSchemaStmt' in node)
    return { kind: 'schema', name: { schema: null, name: node.CreateSchemaStmt.schemaname ?? '' } };
  if ('CreateSeqStmt' in node && node.CreateSeqStmt.sequence)
    return { kind: 'sequence', name: nameOfRelation(node.CreateSeqStmt.sequence) };
  if ('CompositeTypeStmt' in node && node.CompositeTypeStmt.typevar)
    return { kind: 'type', name: nameOfRelation(node.CompositeTypeStmt.typevar) };
  if ('CreateRangeStmt' in node) return { kind: 'type', name: nameOfParts(node.CreateRangeStmt.typeName) };
  if ('CreateDomainStmt' in node)
    return { kind: 'domain', name: nameOfParts(node.CreateDomainStmt.domainname) };
  if ('CreateFunctionStmt' in node)
    return { kind: 'function', name: nameOfParts(node.CreateFunctionStmt.funcname) };
  if ('CreateExtensionStmt' in node)
    return { kind: 'extension', name: { schema: null, name: node.CreateExtensionStmt.extname ?? '' } };
  // Triggers and policies are named within their table.
  if ('CreateTrigStmt' in node && node.CreateTrigStmt.relation)
    return {
      kind: 'trigger',
      name: withinTable(node.CreateTrigStmt.relation, node.CreateTrigStmt.trigname),
      expressions: [node.CreateTrigStmt.whenClause].filter((one) => one !== undefined),
    };
  if ('CreatePolicyStmt' in node && node.CreatePolicyStmt.table)
    return {
      kind: 'policy',
      name: withinTable(node.CreatePolicyStmt.table, node.CreatePolicyStmt.policy_name),
      expressions: [node.CreatePolicyStmt.qual, node.CreatePolicyStmt.with_check].filter(
        (one) => one !== undefined,
      ),
    };
  return null;
}

function withinTable(
  relation: Parameters<typeof nameOfRelation>[0],
  name: string | undefined,
): QualifiedName {
  const table = nameOfRelation(relation);
  return { schema: table.schema, name: `${table.name}.${name ?? ''}` };
}

function addTable(state: SchemaState, table: TableFacts): void {
  state.tables.set(keyOfName(table.name), table);
}
