import type { NodeOf, ParseNode } from '../../sql/parser.ts';
import type { LintStatement } from '../migration.ts';

/** A SET, RESET or `SELECT set_config(…)`. */
export type SettingChange = {
  readonly statement: LintStatement;
  /** In lower case; `role`, `session_authorization`, `session characteristics`; `all` of RESET ALL. */
  readonly name: string;
  readonly kind: 'set' | 'reset';
  /** True for SET LOCAL, and what else ends with the transaction. */
  readonly local: boolean;
  /** What it is set to, as text; null where that is not written there. */
  readonly values: readonly string[] | null;
  /** Of set_config: where its third argument stands in the parse tree. */
  readonly localFlag?: number;
};

/** What the statement changes of the session's settings; none for most. Pure. */
export function settingChanges(statement: LintStatement): readonly SettingChange[] {
  const { node } = statement;
  if ('VariableSetStmt' in node) return [{ statement, ...readSet(node.VariableSetStmt) }];
  if (!('SelectStmt' in node)) return [];
  return (node.SelectStmt.targetList ?? []).flatMap((target) => {
    const call = 'ResTarget' in target ? target.ResTarget.val : undefined;
    const change = call !== undefined && 'FuncCall' in call ? readSetConfig(call.FuncCall) : null;
    return change === null ? [] : [{ statement, ...change }];
  });
}

type Change = Omit<SettingChange, 'statement'>;

function readSet({ kind, name = '', args, is_local: local = false }: NodeOf<'VariableSetStmt'>): Change {
  switch (kind) {
    case 'VAR_RESET_ALL':
      return { name: 'all', kind: 'reset', local: false, values: null };
    case 'VAR_RESET':
    case 'VAR_SET_DEFAULT':
      return { name: name.toLowerCase(), kind: 'reset', local, values: null };
    case 'VAR_SET_MULTI':
      // SET TRANSACTION is over with it; SET SESSION CHARACTERISTICS is not.
      return { name: name.toLowerCase(), kind: 'set', local: name === 'TRANSACTION', values: null };
    default: {
      const values = kind === 'VAR_SET_VALUE' ? (args ?? []).map(textOf) : null;
      const known = values?.every((value) => value !== null) ? values : null;
      return fromText(name, known, local);
    }
  }
}

/** SET ROLE NONE is RESET ROLE. */
function fromText(name: string, values: readonly string[] | null, local: boolean): Change {
  const key = name.toLowerCase();
  const isReset = key === 'role' && values?.[0]?.toLowerCase() === 'none';
  return { name: key, kind: isReset ? 'reset' : 'set', local, values };
}

function readSetConfig({ funcname = [], args = [] }: NodeOf<'FuncCall'>): Change | null {
  const called = funcname.at(-1);
  if (called === undefined || !('String' in called) || called.String.sval !== 'set_config') return null;
  const [name, value, flag] = args;
  const key = textOf(name);
  // What is computed cannot be judged.
  if (key === null || flag === undefined || !('A_Const' in flag) || flag.A_Const.boolval === undefined)
    return null;
  const text = textOf(value);
  const { boolval, location } = flag.A_Const;
  return {
    ...fromText(
      key,
      text === null ? null : text.split(',').map((part) => part.trim()),
      boolval.boolval === true,
    ),
    ...(location === undefined ? {} : { localFlag: location }),
  };
}

function textOf(node: ParseNode | undefined): string | null {
  if (node === undefined || !('A_Const' in node)) return null;
  const { ival, fval, sval, boolval } = node.A_Const;
  // The parser leaves out what is zero, empty or false.
  if (ival !== undefined) return String(ival.ival ?? 0);
  if (fval !== undefined) return fval.fval ?? '0';
  if (boolval !== undefined) return String(boolval.boolval ?? false);
  return sval === undefined ? null : (sval.sval ?? '');
}
