import type { NodeOf, ParseNode } from '../../sql/parser.ts';

/** Why a statement that ran before does not run again, and what would let it. */
export type RerunFault = {
  /** Completes "a second run …": `fails, as the table is there`. */
  readonly second: string;
  readonly hint: string;
  /** Words that mend it, and the keywords behind the first of which they belong. */
  readonly insert?: { readonly behind: readonly string[]; readonly text: string };
};

/** null for what a second run leaves as it is, and for what nobody can tell of. Pure. */
export function rerunFault(node: ParseNode): RerunFault | null {
  if ('CreateStmt' in node) {
    const { if_not_exists, relation } = node.CreateStmt;
    return if_not_exists || relation?.relpersistence === 't' ? null : there('table', ['table']);
  }
  if ('IndexStmt' in node) return indexFault(node.IndexStmt);
  if ('CreateSchemaStmt' in node)
    return node.CreateSchemaStmt.if_not_exists ? null : there('schema', ['schema']);
  if ('CreateSeqStmt' in node)
    return node.CreateSeqStmt.if_not_exists ? null : there('sequence', ['sequence']);
  if ('CreateExtensionStmt' in node)
    return node.CreateExtensionStmt.if_not_exists ? null : there('extension', ['extension']);
  if ('CreateTableAsStmt' in node) {
    const { if_not_exists, objtype, into } = node.CreateTableAsStmt;
    if (if_not_exists || into?.rel?.relpersistence === 't') return null;
    return objtype === 'OBJECT_MATVIEW' ? there('view', ['view']) : there('table', ['table']);
  }
  if ('ViewStmt' in node) {
    const { replace, view } = node.ViewStmt;
    return replace || view?.relpersistence === 't' ? null : replaced('view');
  }
  if ('CreateFunctionStmt' in node) return node.CreateFunctionStmt.replace ? null : replaced('function');
  if ('CreateTrigStmt' in node)
    return node.CreateTrigStmt.replace
      ? null
      : replaced(node.CreateTrigStmt.isconstraint ? 'constraint trigger' : 'trigger');
  if ('CreatePolicyStmt' in node) return dropFirst('policy', 'DROP POLICY IF EXISTS');
  if ('CreateEnumStmt' in node || 'CompositeTypeStmt' in node || 'CreateDomainStmt' in node)
    return dropFirst('type', null);
  if ('AlterEnumStmt' in node) {
    const { newVal, oldVal, skipIfNewValExists } = node.AlterEnumStmt;
    if (oldVal !== undefined) return { second: 'fails, as the value has its new name', hint: APART };
    return newVal === undefined || skipIfNewValExists ? null : there('value', ['value']);
  }
  if ('DropStmt' in node) return node.DropStmt.missing_ok ? null : gone(node.DropStmt);
  if ('RenameStmt' in node) return { second: 'fails, as the new name is given', hint: APART };
  if ('InsertStmt' in node)
    return node.InsertStmt.onConflictClause !== undefined || choosesRows(node.InsertStmt)
      ? null
      : {
          second: 'inserts the rows once more, or fails for a unique key',
          hint: 'Write ON CONFLICT DO NOTHING, or SELECT … WHERE NOT EXISTS.',
        };
  return 'AlterTableStmt' in node ? alterFault(node.AlterTableStmt) : null;
}

const APART = 'Make it a migration of its own, which is one transaction with its ledger row.';

function there(what: string, behind: readonly string[]): RerunFault {
  const text = ' IF NOT EXISTS';
  return { second: `fails, as the ${what} is there`, hint: 'Write IF NOT EXISTS.', insert: { behind, text } };
}

function replaced(what: string): RerunFault {
  return { second: `fails, as the ${what} is there`, hint: 'Write CREATE OR REPLACE.' };
}

function dropFirst(what: string, how: string | null): RerunFault {
  return { second: `fails, as the ${what} is there`, hint: how === null ? APART : `Write ${how} before it.` };
}

function indexFault({ if_not_exists, concurrent, idxname }: NodeOf<'IndexStmt'>): RerunFault | null {
  if (concurrent) {
    return {
      second:
        'finds the INVALID index that a broken build leaves behind: it fails for its name, or with IF NOT EXISTS does nothing',
      hint: 'Write DROP INDEX CONCURRENTLY IF EXISTS before it.',
    };
  }
  if (if_not_exists) return null;
  if (idxname === undefined)
    return {
      second: 'builds the same index under another name',
      hint: 'Name the index, and write IF NOT EXISTS.',
    };
  return there('index', ['index']);
}

const DROPPED: Readonly<Record<string, string>> = {
  OBJECT_TABLE: 'table',
  OBJECT_INDEX: 'index',
  OBJECT_VIEW: 'view',
  OBJECT_MATVIEW: 'view',
  OBJECT_SEQUENCE: 'sequence',
  OBJECT_TYPE: 'type',
  OBJECT_SCHEMA: 'schema',
  OBJECT_FUNCTION: 'function',
  OBJECT_TRIGGER: 'trigger',
  OBJECT_POLICY: 'policy',
  OBJECT_EXTENSION: 'extension',
};

function gone({ removeType, concurrent }: NodeOf<'DropStmt'>): RerunFault {
  const what = DROPPED[removeType ?? ''];
  const fault = { second: `fails, as the ${what ?? 'object'} is gone`, hint: 'Write IF EXISTS.' };
  const behind = concurrent ? ['concurrently'] : what === undefined ? [] : [what];
  return behind.length === 0 ? fault : { ...fault, insert: { behind, text: ' IF EXISTS' } };
}

function alterFault({ cmds = [], objtype }: NodeOf<'AlterTableStmt'>): RerunFault | null {
  if (objtype !== 'OBJECT_TABLE') return null;
  for (const cmd of cmds) {
    if (!('AlterTableCmd' in cmd)) continue;
    const { subtype, missing_ok, def } = cmd.AlterTableCmd;
    if (missing_ok) continue;
    // With several commands the keyword that is found first may be another one's.
    const isOnly = cmds.length === 1;
    if (subtype === 'AT_AddColumn')
      return {
        second: 'fails, as the column is there',
        hint: 'Write ADD COLUMN IF NOT EXISTS.',
        ...(isOnly ? { insert: { behind: ['column'], text: ' IF NOT EXISTS' } } : {}),
      };
    if (subtype === 'AT_DropColumn')
      return {
        second: 'fails, as the column is gone',
        hint: 'Write DROP COLUMN IF EXISTS.',
        ...(isOnly ? { insert: { behind: ['column'], text: ' IF EXISTS' } } : {}),
      };
    if (subtype === 'AT_DropConstraint')
      return {
        second: 'fails, as the constraint is gone',
        hint: 'Write DROP CONSTRAINT IF EXISTS.',
        ...(isOnly ? { insert: { behind: ['constraint'], text: ' IF EXISTS' } } : {}),
      };
    if (subtype === 'AT_AddConstraint' && def !== undefined && 'Constraint' in def)
      return {
        second: 'fails, as the constraint is there',
        hint: `Write ${def.Constraint.conname === undefined ? 'a name for it, and ' : ''}DROP CONSTRAINT IF EXISTS before it.`,
      };
  }
  return null;
}

/** INSERT … SELECT … WHERE may leave out what is there. */
function choosesRows({ selectStmt }: NodeOf<'InsertStmt'>): boolean {
  return (
    selectStmt !== undefined && 'SelectStmt' in selectStmt && selectStmt.SelectStmt.whereClause !== undefined
  );
}
