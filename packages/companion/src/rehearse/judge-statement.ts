import type { Statement } from '../kernel/place.ts';
import { classifyStatement } from '../sql/classify-statement.ts';
import { type ParseNode, type SqlParser, SqlSyntaxError } from '../sql/parser.ts';
import { scanTolerantly } from '../sql/split-statements.ts';

/**
 * What is missing after a statement that was left out, and may make later ones fail: nothing, a schema object, or
 * anything, rows among it.
 */
export type Missing = 'nothing' | 'objects' | 'anything';

export type Skip = { readonly reason: string; readonly missing: Missing };

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
  const is = classifyStatement(node);
  const verdict: Verdict = { node, skip: null, concurrent: null, isSavepoint: isSavepoint(node) };
  if (node === null) {
    // What we cannot read the server may: it must not end the transaction.
    const [first] = scanTolerantly(text, parser).filter(({ comment }) => !comment);
    const ends = CONTROL.has(first?.keyword ?? '');
    return ends ? skip(verdict, 'it may end the transaction, and cannot be read here', 'anything') : verdict;
  }
  if (is.kind === 'refuses') {
    const reason = `${is.name} cannot run inside a transaction`;
    return {
      ...skip(verdict, reason, missingAfter(is.name)),
      concurrent: readConcurrent(node, text, parser),
    };
  }
  if (is.kind === 'begin' || setsTransaction(node)) {
    return skip(
      verdict,
      'what it sets holds for a whole transaction, and a rehearsal has but one',
      'nothing',
    );
  }
  if ('TransactionStmt' in node && !verdict.isSavepoint) {
    return skip(verdict, 'it takes the transaction away from the session', 'nothing');
  }
  if ('VacuumStmt' in node)
    return skip(verdict, 'a rollback leaves the counters that ANALYZE writes', 'nothing');
  if ('CheckPointStmt' in node) return skip(verdict, 'CHECKPOINT cannot be rolled back', 'nothing');
  if ('CopyStmt' in node && (node.CopyStmt.is_program === true || !node.CopyStmt.is_from)) {
    return skip(verdict, 'what it does outside of the database cannot be rolled back', 'anything');
  }
  return verdict;
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

/** Nothing can be missing after these. */
const WITHOUT_TRACE = ['VACUUM', 'ALTER SYSTEM', 'REINDEX', 'CLUSTER', 'DISCARD'];

function missingAfter(name: string): Missing {
  return WITHOUT_TRACE.some((word) => name.startsWith(word)) ? 'nothing' : 'objects';
}

function skip(verdict: Verdict, reason: string, missing: Missing): Verdict {
  return { ...verdict, skip: { reason, missing } };
}

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
  return path.flatMap((name) => (name ? [`"${name.replaceAll('"', '""')}"`] : [])).join('.');
}

function parseOne(sql: string, parser: SqlParser): ParseNode | null {
  try {
    return parser.parse(sql)[0] ?? null;
  } catch (error) {
    if (error instanceof SqlSyntaxError) return null;
    throw error;
  }
}
