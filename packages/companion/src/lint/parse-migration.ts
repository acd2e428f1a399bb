import { type Directives, mayHoldDirectives, readDirectives } from '../sql/directives.ts';
import { type ParsedStatement, type SqlParser, SqlSyntaxError } from '../sql/parser.ts';
import { shapeParsed } from '../sql/shape-migration.ts';
import { skipBlank } from '../sql/skip-blank.ts';
import { cutAtBreakpoints, scanTolerantly, splitTokens } from '../sql/split-statements.ts';
import { limitDepth } from './limit-depth.ts';
import type { LintMigration, LintStatement, Span, SyntaxFault } from './migration.ts';
import type { TransactionNumbers } from './number-transactions.ts';

/** A SQL file that lint is to look at, or to learn from. */
export type MigrationSource = Pick<LintMigration, 'name' | 'file' | 'sql' | 'batch' | 'linted'>;

type ParseContext = { readonly parser: SqlParser; readonly numbers: TransactionNumbers };

type LocatedStatement = ParsedStatement & { readonly offsetOf: (location: number | undefined) => number };
type Script = { readonly statements: readonly LocatedStatement[]; readonly faults: readonly SyntaxFault[] };

/** Parses a file, and finds out in which transaction each of its statements will run. Pure. */
export function parseMigration(source: MigrationSource, context: ParseContext): LintMigration {
  const { sql } = source;
  const { statements, faults } = parseFile(sql, context.parser);
  const directives = readFileDirectives(sql, context.parser);
  const shape = shapeParsed(
    sql,
    statements.map(({ node, start, end }) => ({ node, text: sql.slice(start, end), offset: start })),
    directives,
  );
  const { batch } = source;
  const transactions = context.numbers({ sql, batch, statements, units: shape.units });
  const parsed: LintStatement[] = [];
  const migration: LintMigration = {
    ...source,
    inTransaction: shape.transaction,
    ...(shape.reason === undefined ? {} : { reason: shape.reason }),
    statements: parsed,
    syntaxFaults: faults,
    allowances: directives.allowances,
    unknownDirectives: directives.unknown,
  };
  for (const located of statements) {
    const transaction = transactions.get(located.start) ?? null;
    const statement = buildStatement(
      { located, migration, transaction, index: parsed.length },
      context.parser,
    );
    parsed.push(statement);
    for (const node of nestedStatements(statement, context.parser)) {
      parsed.push({
        ...statement,
        node: node.node,
        text: node.text,
        index: parsed.length,
        nested: true,
        offsetOf: () => statement.start,
      });
    }
  }
  return migration;
}

type StatementInput = Pick<LintStatement, 'migration' | 'transaction' | 'index'> & {
  readonly located: LocatedStatement;
};

function buildStatement({ located, ...rest }: StatementInput, parser: SqlParser): LintStatement {
  const { node, start, end, offsetOf } = located;
  const text = rest.migration.sql.slice(start, end);
  let scanned: ReturnType<LintStatement['tokens']> | null = null;
  const tokens = () => {
    scanned ??= parser
      .scan(text)
      .map((token) => ({ ...token, start: token.start + start, end: token.end + start }));
    return scanned;
  };
  return { ...rest, node, start, end, text, nested: false, offsetOf, tokens };
}

/** What a DO block runs: older versions of drizzle-kit wrapped foreign keys and types in one. */
function nestedStatements({ node, text }: LintStatement, parser: SqlParser) {
  if (!('DoStmt' in node)) return [];
  return parser.parseBlock(text).flatMap((query) => {
    try {
      return parser.parse(query).map((inner) => ({ node: limitDepth(inner, query), text: query }));
    } catch {
      // PL/pgSQL's variables and INTO are not SQL.
      return [];
    }
  });
}

/** The file at once where it parses; else statement by statement, to tell which of them do not. */
function parseFile(sql: string, parser: SqlParser): Script {
  try {
    return parsePiece(sql, 0, parser);
  } catch (error) {
    if (!(error instanceof SqlSyntaxError)) throw error;
  }
  const statements: LocatedStatement[] = [];
  const faults: SyntaxFault[] = [];
  for (const piece of cutAtBreakpoints(sql)) {
    for (const { text, offset } of splitTokens(piece.text, scanTolerantly(piece.text, parser))) {
      const start = piece.offset + offset;
      try {
        statements.push(...parsePiece(text, start, parser).statements);
      } catch (error) {
        if (!(error instanceof SqlSyntaxError)) throw error;
        // Comments before it are not it.
        const span: Span = { start: start + skipBlank(text, 0), end: start + text.length };
        faults.push({
          ...span,
          offset: error.offset === null ? span.start : start + error.offset,
          message: error.message,
        });
      }
    }
  }
  return { statements, faults };
}

function parsePiece(text: string, from: number, parser: SqlParser): Script {
  const { statements, offsetOf } = parser.parseScript(text);
  const located = statements.map(({ node, start, end }) => ({
    node: limitDepth(node, text.slice(start, end)),
    start: from + start,
    end: from + end,
    offsetOf: (location: number | undefined) => from + (location === undefined ? start : offsetOf(location)),
  }));
  return { statements: located, faults: [] };
}

const NO_DIRECTIVES: Directives = { noTransaction: null, allowances: [], unknown: [] };

function readFileDirectives(sql: string, parser: SqlParser): Directives {
  return mayHoldDirectives(sql) ? readDirectives(scanTolerantly(sql, parser)) : NO_DIRECTIVES;
}
