import type { Statement } from '../kernel/place.ts';
import { classifyStatement } from '../sql/classify-statement.ts';
import { parseOne } from '../sql/parse-tolerantly.ts';
import type { ParseNode, SqlParser } from '../sql/parser.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import { scanTolerantly } from '../sql/split-statements.ts';
import { irrevocableCalls } from './irrevocable-calls.ts';
import { type Missing, missingAfter } from './missing-after.ts';

/** Why a statement is left out, and what later ones may miss of it. */
export type Skip = { readonly reason: string; readonly missing: readonly Missing[] };

/** An index whose statement says CONCURRENTLY. On a table that nobody else can see it is built without. */
export type Concurrent = {
  /** As the statement names it: the table of a new index, else the index. */
  readonly relation: string;
  readonly names: 'table' | 'index';
  /** The statement without the word, each character where it was. */
  readonly without: string;
};

export type Verdict = {
  readonly node: ParseNode | null;
  /** Null: it can be sent. */
  readonly skip: Skip | null;
  readonly concurrent: Concurrent | null;
  /** SAVEPOINT and what belongs to it: nothing of ours may stand around it. */
  readonly isSavepoint: boolean;
};

/** May the statement be sent inside a transaction that must be rolled back? Pure. */
export function judgeStatement({ text }: Statement, parser: SqlParser): Verdict {
  const node = parseOne(text, parser);
  const verdict: Verdict = { node, skip: null, concurrent: null, isSavepoint: isSavepoint(node) };
  const calls = node === null ? [] : irrevocableCalls(node, parser);
  const reason = node === null ? whyUnread(text, parser) : whyNot(node, calls);
  if (reason === null) return verdict;
  const position: readonly Missing[] = calls.includes('setval') ? [{ kind: 'position' }] : [];
  return {
    ...verdict,
    skip: { reason, missing: [...missingAfter({ node, text }, parser), ...position] },
    concurrent: node && readConcurrent(node, text, parser),
  };
}

/** What we cannot read the server may: it must not end the transaction. */
function whyUnread(text: string, parser: SqlParser): string | null {
  const [first] = scanTolerantly(text, parser).filter(({ comment }) => !comment);
  return CONTROL.has(first?.keyword ?? '') ? 'it may end the transaction, and cannot be read here' : null;
}

function whyNot(node: ParseNode, calls: readonly string[]): string | null {
  const is = classifyStatement(node);
  if (is.kind === 'refuses') return `${is.name} cannot run inside a transaction`;
  if (is.kind === 'begin' || setsTransaction(node)) {
    return 'what it sets holds for a whole transaction, and a rehearsal has but one';
  }
  if ('TransactionStmt' in node && !isSavepoint(node))
    return 'it takes the transaction away from the session';
  if ('VacuumStmt' in node) return 'a rollback leaves the counters that ANALYZE writes';
  if ('CheckPointStmt' in node) return 'CHECKPOINT cannot be rolled back';
  if ('CopyStmt' in node && (node.CopyStmt.is_program === true || !node.CopyStmt.is_from)) {
    return 'what it does outside of the database cannot be rolled back';
  }
  return calls.length > 0 ? `a rollback does not take back what ${calls.join(' and ')} does` : null;
}

const CONTROL = new Set([
  'abort',
  'begin',
  'commit',
  'end',
  'prepare',
  'release',
  'rollback',
  'savepoint',
  'start',
]);

function isSavepoint(node: ParseNode | null): boolean {
  if (node === null || !('TransactionStmt' in node)) return false;
  const { kind } = node.TransactionStmt;
  return (
    kind === 'TRANS_STMT_SAVEPOINT' || kind === 'TRANS_STMT_RELEASE' || kind === 'TRANS_STMT_ROLLBACK_TO'
  );
}

/** SET TRANSACTION, and the settings that it stands for. */
function setsTransaction(node: ParseNode): boolean {
  if (!('VariableSetStmt' in node)) return false;
  const name = (node.VariableSetStmt.name ?? '').toLowerCase();
  return name === 'transaction' || name.startsWith('transaction_');
}

function readConcurrent(node: ParseNode, text: string, parser: SqlParser): Concurrent | null {
  const words = scanTolerantly(text, parser).filter(({ keyword }) => keyword === 'concurrently');
  const [word] = words;
  // REINDEX (CONCURRENTLY) would be left with empty parentheses.
  if (word === undefined || words.length > 1) return null;
  const without = text.slice(0, word.start) + ' '.repeat(word.end - word.start) + text.slice(word.end);
  if (parseOne(without, parser) === null) return null;
  if ('IndexStmt' in node) {
    const { relation } = node.IndexStmt;
    return { relation: quoted([relation?.schemaname, relation?.relname]), names: 'table', without };
  }
  if (!('DropStmt' in node)) return null;
  const [object, ...others] = node.DropStmt.objects ?? [];
  if (object === undefined || others.length > 0 || !('List' in object)) return null;
  const path = (object.List.items ?? []).map((item) => ('String' in item ? item.String.sval : undefined));
  return { relation: quoted(path), names: 'index', without };
}

function quoted(path: readonly (string | undefined)[]): string {
  return path.flatMap((name) => (name ? [quoteIdentifier(name)] : [])).join('.');
}
