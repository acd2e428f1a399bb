import type { NodeOf, ParseNode } from '../sql/parser.ts';
import { quoteLiteral } from '../sql/quote.ts';
import type { Asker } from './relations.ts';

/**
 * The settings that a statement makes for its transaction alone: SET LOCAL, set_config(…, true). They end with a
 * migration, and a rehearsal's transaction goes on. Pure.
 */
export function localSettings(node: ParseNode | null): readonly string[] {
  if (node === null) return [];
  if ('VariableSetStmt' in node) {
    const { is_local, name } = node.VariableSetStmt;
    return is_local === true && name !== undefined ? [name] : [];
  }
  return 'SelectStmt' in node ? (node.SelectStmt.targetList?.flatMap(readCall) ?? []) : [];
}

function readCall(target: ParseNode): readonly string[] {
  const value = 'ResTarget' in target ? target.ResTarget.val : undefined;
  if (value === undefined || !('FuncCall' in value)) return [];
  const { funcname = [], args = [] } = value.FuncCall;
  const last = funcname.at(-1);
  const [name, , local] = args;
  const isSet = last !== undefined && 'String' in last && last.String.sval === 'set_config';
  if (!isSet || local === undefined || isFalse(local)) return [];
  const text = name !== undefined && 'A_Const' in name ? name.A_Const.sval?.sval : undefined;
  return text === undefined ? [] : [text];
}

function isFalse(node: ParseNode): boolean {
  if ('A_Const' in node) return node.A_Const.boolval !== undefined && node.A_Const.boolval.boolval !== true;
  return 'TypeCast' in node && isFalseText(node.TypeCast);
}

function isFalseText({ arg }: NodeOf<'TypeCast'>): boolean {
  return arg !== undefined && 'A_Const' in arg && arg.A_Const.sval?.sval === 'f';
}

/** The statement that gives the settings back the values that they have now; null when there are none. */
export async function readRestoringSql(asker: Asker, names: readonly string[]): Promise<string | null> {
  if (names.length === 0) return null;
  const distinct = [...new Set(names)].map(quoteLiteral);
  const [row = []] = await asker.query(
    `SELECT ${distinct.map((name) => `pg_catalog.current_setting(${name}, true)`).join(', ')}`,
  );
  const calls = distinct.map(
    (name, at) => `pg_catalog.set_config(${name}, ${quoteLiteral(row[at] ?? '')}, true)`,
  );
  return `SELECT ${calls.join(', ')}`;
}
