import type { ParseNode, SqlParser } from '../sql/parser.ts';
import { scanTolerantly } from '../sql/split-statements.ts';
import { optionOf } from '../sql/statement-options.ts';
import { subtrees } from './subtrees.ts';

/** Functions of PostgreSQL whose effect no rollback takes back, and which others feel. */
const OF_POSTGRES = new Set(
  `setval lo_export pg_terminate_backend pg_cancel_backend pg_reload_conf pg_rotate_logfile pg_promote pg_switch_wal
  pg_create_restore_point pg_start_backup pg_stop_backup pg_backup_start pg_backup_stop pg_create_physical_replication_slot
  pg_create_logical_replication_slot pg_copy_physical_replication_slot pg_copy_logical_replication_slot
  pg_drop_replication_slot pg_replication_slot_advance pg_sync_replication_slots pg_logical_slot_get_changes
  pg_logical_slot_get_binary_changes pg_logical_emit_message`.split(/\s+/),
);
const FAMILIES_OF_POSTGRES = ['pg_stat_reset', 'pg_replication_origin_', 'pg_file_'];
/** In whatever schema they were installed. */
const OF_EXTENSIONS = new Set(['dblink', 'pg_stat_statements_reset']);

/** What a statement stores to be executed later, by others. */
const STORES = ['CreateFunctionStmt', 'ViewStmt', 'RuleStmt', 'CreateTrigStmt', 'CreatePolicyStmt'];

/**
 * The functions that a statement calls by name, and whose effect a rollback does not take back; each once. What other
 * functions call in their turn is not seen. Pure.
 */
export function irrevocableCalls(node: ParseNode, parser: SqlParser): readonly string[] {
  if (STORES.some((name) => name in node)) return [];
  if ('DoStmt' in node) {
    const body = optionOf(node.DoStmt.args, 'as')?.arg;
    return [
      ...new Set(body !== undefined && 'String' in body ? callsInText(body.String.sval ?? '', parser) : []),
    ];
  }
  const calls = subtrees(node).flatMap(({ funcname }) => {
    const path = Array.isArray(funcname) ? funcname.map((part) => String(part?.String?.sval)) : [];
    const [name = '', schema] = path.toReversed();
    return isIrrevocable(name, schema) ? [name] : [];
  });
  return [...new Set(calls)];
}

function isIrrevocable(name: string, schema: string | undefined): boolean {
  if (OF_EXTENSIONS.has(name) || name.startsWith('dblink_')) return true;
  if (schema !== undefined && schema !== 'pg_catalog') return false;
  return OF_POSTGRES.has(name) || FAMILIES_OF_POSTGRES.some((family) => name.startsWith(family));
}

/** Of a block in whatever language: by its words, and those of its strings, which it may EXECUTE. */
function* callsInText(text: string, parser: SqlParser): Generator<string> {
  const tokens = scanTolerantly(text, parser).filter(({ comment }) => !comment);
  for (const [at, token] of tokens.entries()) {
    const isString = /['$]$/.test(token.text) && token.text.length > 1;
    if (isString) yield* callsInText(contentOf(token.text), parser);
    const isCall = tokens[at + 1]?.text === '(';
    const schema = tokens[at - 1]?.text === '.' ? nameOf(tokens[at - 2]?.text) : undefined;
    const name = nameOf(token.text);
    if (isCall && isIrrevocable(name, schema)) yield name;
  }
}

function nameOf(word = ''): string {
  return word.startsWith('"') ? word.slice(1, -1) : word.toLowerCase();
}

/** Near enough to find words in it: escapes stay as they are. */
function contentOf(string: string): string {
  const quote = string.endsWith('$') ? string.slice(0, string.indexOf('$', 1) + 1) : "'";
  return string.slice(string.indexOf(quote) + quote.length, -quote.length);
}
