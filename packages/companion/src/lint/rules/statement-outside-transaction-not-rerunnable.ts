import { classifyStatement } from '../../sql/classify-statement.ts';
import { parseTolerantly } from '../../sql/parse-tolerantly.ts';
import type { ParseNode, SqlParser } from '../../sql/parser.ts';
import { quoteIdentifier, quoteLiteral } from '../../sql/quote.ts';
import { scanTolerantly } from '../../sql/split-statements.ts';
import { insertAfter, rewritten } from '../advice/edits.ts';
import { keyOfName, nameOfParts } from '../facts/names.ts';
import type { LintMigration, LintStatement } from '../migration.ts';
import { type RerunFault, rerunFault } from '../reading/rerun.ts';
import { readControls, workOf } from '../reading/transaction-blocks.ts';
import { defineRule, type Report, type RuleContext } from '../rule.ts';

export const statementOutsideTransactionNotRerunnable = defineRule({
  id: 'statement-outside-transaction-not-rerunnable',
  family: 'transactions',
  level: 'warning',
  title: 'A statement that commits before it is recorded, and does not run a second time',
  migration(migration, context) {
    return context.runner === 'drizzle' ? judgeStock(migration, context) : judgeOurs(migration, context);
  },
});

/**
 * The companion records each statement in the statement's own transaction, and looks at the catalog for an index that was
 * built CONCURRENTLY. What is left is what PostgreSQL refuses in a transaction, and what may commit by itself.
 */
function judgeOurs(migration: LintMigration, { parser, migrations }: RuleContext): readonly Report[] {
  return workOf(migration).flatMap((statement) => {
    if (statement.transaction !== null) return [];
    const context = { parser, migrations };
    const unnamed = unnamedIndex(statement);
    if (unnamed !== null) return [unnamed];
    const fault = faultOutside(statement, context);
    if (fault === null) return [];
    return [
      {
        statement,
        // It has no form that runs twice, and that it fails is loud and harms nothing.
        ...('AlterTableStmt' in statement.node ? { level: 'info' as const } : {}),
        message: `This statement cannot share a transaction with the record that it is done. A run that ends in between repeats it, and a second run ${fault.second}.`,
        hint: fault.hint,
        ...mend(statement, fault),
      },
    ];
  });
}

type Known = Pick<RuleContext, 'parser' | 'migrations'>;

function faultOutside(statement: LintStatement, known: Known): RerunFault | null {
  const { node } = statement;
  if ('CallStmt' in node) return faultOfCall(statement, known);
  if ('DoStmt' in node) {
    const body = readBody(node.DoStmt.args);
    return body === null ? null : faultOfBody(body, known.parser);
  }
  const is = classifyStatement(node);
  if (is.kind !== 'refuses' || is.builds !== undefined) return null;
  if ('CreatedbStmt' in node || 'CreateTableSpaceStmt' in node || 'CreateSubscriptionStmt' in node) {
    return {
      second: `fails, as ${is.name} knows no IF NOT EXISTS`,
      hint: 'Set it up outside of the migrations, as the server itself is.',
    };
  }
  const dropped =
    'DropdbStmt' in node
      ? { is: node.DropdbStmt, behind: 'database' }
      : 'DropTableSpaceStmt' in node
        ? { is: node.DropTableSpaceStmt, behind: 'tablespace' }
        : 'DropSubscriptionStmt' in node
          ? { is: node.DropSubscriptionStmt, behind: 'subscription' }
          : null;
  if (dropped !== null) {
    if (dropped.is.missing_ok) return null;
    return {
      second: `fails, as the ${dropped.behind} is gone`,
      hint: 'Write IF EXISTS.',
      insert: { behind: [dropped.behind], text: ' IF EXISTS' },
    };
  }
  if ('AlterTableStmt' in node) {
    return {
      second: 'fails: the partition is detached, or half detached and waits for DETACH PARTITION … FINALIZE',
      hint: 'Make it the only statement of its migration; after a broken run finish it by hand, and record it with `drizzle-companion repair mark-applied`.',
    };
  }
  return null;
}

/** A procedure that was made in one of the files is judged by its body; of any other nothing is known. */
function faultOfCall(statement: LintStatement, { parser, migrations }: Known): RerunFault | null {
  const { node } = statement;
  if (!('CallStmt' in node)) return null;
  const called = keyOfName(nameOfParts(node.CallStmt.funccall?.funcname));
  const made = migrations
    .slice(0, migrations.indexOf(statement.migration) + 1)
    .flatMap((migration) => migration.statements)
    .filter((one) => one.migration !== statement.migration || one.index < statement.index)
    .flatMap((one) => ('CreateFunctionStmt' in one.node ? [one.node.CreateFunctionStmt] : []))
    .findLast(({ funcname }) => keyOfName(nameOfParts(funcname)) === called);
  const body = made === undefined ? null : readBody(made.options);
  if (body !== null) return faultOfBody(body, parser);
  return {
    second: 'calls the procedure once more, after a call that may have committed half of its work',
    hint: 'Write the procedure so that it goes on where it stopped, and allow this statement with that as the reason.',
  };
}

/** A body is judged by the statements in it, unless it asks or catches something itself. */
function faultOfBody(body: string, parser: SqlParser): RerunFault | null {
  if (isGuarded(body, parser)) return null;
  const queries = parser.parseBlock(`DO ${quoteLiteral(body)}`);
  for (const query of queries.length > 0 ? queries : [body]) {
    const fault = parseTolerantly(query, parser)
      .map(rerunFault)
      .find((one) => one !== null);
    if (fault) {
      return {
        second: `${fault.second} (${query.trim().split('\n')[0]})`,
        hint: 'Ask in the body whether it is done, with IF NOT EXISTS; or do it in a migration that is one transaction.',
      };
    }
  }
  return null;
}

/** The text of a DO block or of a procedure; null for BEGIN ATOMIC and for a function in C. */
function readBody(options: readonly ParseNode[] | undefined): string | null {
  for (const option of options ?? []) {
    if (!('DefElem' in option) || option.DefElem.defname !== 'as') continue;
    const { arg } = option.DefElem;
    const [text] = arg !== undefined && 'List' in arg ? (arg.List.items ?? []) : [arg];
    return text !== undefined && 'String' in text ? (text.String.sval ?? '') : null;
  }
  return null;
}

function isGuarded(body: string, parser: SqlParser): boolean {
  const words = scanTolerantly(body, parser).map(({ text }) => text.toLowerCase());
  return words.some((word, place) => {
    if (word === 'exception') return words[place + 1] === 'when';
    // `IF …` that begins a statement, not the one of IF NOT EXISTS behind a noun.
    return word === 'if' && ['begin', ';', 'then', 'else', 'loop'].includes(words[place - 1] ?? 'begin');
  });
}

/** Its INVALID remains cannot be found by name, and the next build takes another name. */
function unnamedIndex(statement: LintStatement): Report | null {
  const { node } = statement;
  if (!('IndexStmt' in node) || !node.IndexStmt.concurrent || node.IndexStmt.idxname !== undefined)
    return null;
  const { relation, indexParams = [] } = node.IndexStmt;
  const columns = indexParams.map((param) =>
    'IndexElem' in param ? (param.IndexElem.name ?? 'expr') : 'expr',
  );
  const name = [relation?.relname ?? '', ...columns, 'idx'].join('_');
  const edit = insertAfter(statement, ['concurrently'], ` ${quoteIdentifier(name)}`);
  return {
    statement,
    message:
      'The index has no name in the file. When its build fails, drizzle-companion cannot find the INVALID index that is left, which costs every write; the next run builds another one beside it.',
    hint: 'Name the index: then what is left of a broken build is dropped before the next.',
    ...(edit === null
      ? {}
      : { rewrite: [{ title: 'this migration', sql: rewritten(statement, [edit]) }], edits: [edit] }),
  };
}

/** Under stock drizzle a file that ends the transaction is run again from its first statement. */
function judgeStock(migration: LintMigration, context: RuleContext): readonly Report[] {
  const work = workOf(migration);
  const end = readControls(migration, context).find(({ kind }) => kind === 'commit');
  const last = work.at(-1);
  if (end === undefined || last === undefined || last.start < end.statement.start) return [];
  return work.flatMap((statement) => {
    const fault = rerunFault(statement.node);
    if (fault === null) return [];
    return [
      {
        statement,
        message: `The ${end.written} of this file commits what stands before it, and each statement behind it by itself, without the ledger row. When one of them fails, stock drizzle runs the file from its beginning, and a second run of this statement ${fault.second}.`,
        hint: fault.hint,
        ...mend(statement, fault),
      },
    ];
  });
}

function mend(statement: LintStatement, { insert }: RerunFault): Pick<Report, 'rewrite' | 'edits'> {
  const edit = insert === undefined ? null : insertAfter(statement, insert.behind, insert.text);
  return edit === null
    ? {}
    : { rewrite: [{ title: 'this migration', sql: rewritten(statement, [edit]) }], edits: [edit] };
}
