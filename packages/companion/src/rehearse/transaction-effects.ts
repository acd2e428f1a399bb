import { parseOne } from '../sql/parse-tolerantly.ts';
import type { NodeOf, ParseNode, RangeVar, SqlParser } from '../sql/parser.ts';
import { scanTolerantly } from '../sql/split-statements.ts';
import { optionOf } from '../sql/statement-options.ts';

/** What a statement does that a COMMIT ends or keeps, and that nobody can ask the server for. */
export type TransactionEffect =
  /** Names are in lower case; null: all of them. */
  | { readonly kind: 'setting'; readonly name: string | null; readonly until: 'commit' | 'session-end' }
  | {
      readonly kind: 'temporary-table';
      readonly name: string;
      readonly onCommit: 'keep' | 'drop' | 'empty';
    }
  | { readonly kind: 'rollback-to-savepoint' };

/**
 * Of a DO block those of the SQL that stands in it. What functions do, and what EXECUTE is given, is not read: settings
 * that change there are taken to end with the transaction. Pure.
 */
export function readEffects(statement: string, parser: SqlParser): readonly TransactionEffect[] {
  const node = parseOne(statement, parser);
  if (node === null) return [];
  if (!('DoStmt' in node)) return effectsOf(node);
  return [...parser.parseBlock(statement), ...setConfigCalls(node.DoStmt, parser)].flatMap((sql) => {
    const inner = parseOne(sql, parser);
    return inner === null ? [] : effectsOf(inner);
  });
}

/** Settings that no server knows before they are made: they have a dot. Pure. */
export function namedByApplications(effects: readonly TransactionEffect[]): readonly string[] {
  const names = effects.flatMap((effect) => (effect.kind === 'setting' && effect.name ? [effect.name] : []));
  return [...new Set(names.filter((name) => name.includes('.')))];
}

function effectsOf(node: ParseNode): readonly TransactionEffect[] {
  if ('VariableSetStmt' in node) return [settingOf(node.VariableSetStmt)];
  if ('SelectStmt' in node) return node.SelectStmt.targetList?.flatMap(setConfig) ?? [];
  if ('CreateStmt' in node) return temporary(node.CreateStmt.relation, node.CreateStmt.oncommit);
  if ('CreateTableAsStmt' in node) {
    const { into } = node.CreateTableAsStmt;
    return temporary(into?.rel, into?.onCommit);
  }
  const goesBack = 'TransactionStmt' in node && node.TransactionStmt.kind === 'TRANS_STMT_ROLLBACK_TO';
  return goesBack ? [{ kind: 'rollback-to-savepoint' }] : [];
}

/** RESET ALL and SET SESSION CHARACTERISTICS name no setting. */
function settingOf({ kind, name, is_local }: NodeOf<'VariableSetStmt'>): TransactionEffect {
  const one = kind === 'VAR_SET_MULTI' || name === undefined ? null : name.toLowerCase();
  return { kind: 'setting', name: one, until: is_local === true ? 'commit' : 'session-end' };
}

function setConfig(target: ParseNode): readonly TransactionEffect[] {
  const value = 'ResTarget' in target ? target.ResTarget.val : undefined;
  if (value === undefined || !('FuncCall' in value)) return [];
  const { funcname = [], args = [] } = value.FuncCall;
  const last = funcname.at(-1);
  if (last === undefined || !('String' in last) || last.String.sval !== 'set_config') return [];
  const [setting, , local] = args;
  const name = setting !== undefined && 'A_Const' in setting ? setting.A_Const.sval?.sval : undefined;
  if (name === undefined || local === undefined) return [];
  return [{ kind: 'setting', name: name.toLowerCase(), until: isFalse(local) ? 'session-end' : 'commit' }];
}

function isFalse(node: ParseNode): boolean {
  if ('A_Const' in node) return node.A_Const.boolval !== undefined && node.A_Const.boolval.boolval !== true;
  if (!('TypeCast' in node)) return false;
  const { arg } = node.TypeCast;
  return arg !== undefined && 'A_Const' in arg && /^(f|false)$/.test(arg.A_Const.sval?.sval ?? '');
}

function temporary(relation: RangeVar | undefined, action: string | undefined): readonly TransactionEffect[] {
  if (relation?.relname === undefined) return [];
  if (relation.relpersistence !== 't' && relation.schemaname !== 'pg_temp') return [];
  const onCommit = action === 'ONCOMMIT_DROP' ? 'drop' : action === 'ONCOMMIT_DELETE_ROWS' ? 'empty' : 'keep';
  return [{ kind: 'temporary-table', name: relation.relname, onCommit }];
}

/** Calls of set_config() that PL/pgSQL makes itself, by PERFORM for one, as SQL of their own. */
function setConfigCalls({ args }: NodeOf<'DoStmt'>, parser: SqlParser): readonly string[] {
  const text = optionOf(args, 'as')?.arg;
  const body = text !== undefined && 'String' in text ? (text.String.sval ?? '') : '';
  const tokens = scanTolerantly(body, parser).filter(({ comment }) => !comment);
  return tokens.flatMap(({ text, start }, at) => {
    if (text.toLowerCase() !== 'set_config' || tokens[at + 1]?.text !== '(') return [];
    let depth = 0;
    const close = tokens.slice(at + 1).find((token) => {
      depth += token.text === '(' ? 1 : token.text === ')' ? -1 : 0;
      return depth === 0;
    });
    return close === undefined ? [] : [`SELECT ${body.slice(start, close.end)}`];
  });
}
