import { CompanionError } from '../kernel/errors.ts';
import type { Statement } from '../kernel/place.ts';
import type { Unit } from '../kernel/plan.ts';
import { classifyStatement, type StatementClass } from './classify-statement.ts';
import { type Directives, readDirectives, type UnknownDirective } from './directives.ts';
import { locateOffset } from './locate.ts';
import { parseOne } from './parse-tolerantly.ts';
import type { ParseNode, SqlParser, SqlToken } from './parser.ts';
import { skipBlank } from './skip-blank.ts';
import {
  cutAtBreakpoints,
  needsParser,
  scanTolerantly,
  splitAtBreakpoints,
  splitTokens,
} from './split-statements.ts';

/** A migration file, cut into what is sent and committed together. */
export type ShapedMigration = {
  /** True when all of it is one transaction; `units` is then that one, without statements for an empty file. */
  readonly transaction: boolean;
  readonly units: readonly Unit[];
  /** Why it is not: completes "runs without a transaction: …". */
  readonly reason?: string;
  /** Statements in all units; BEGIN, COMMIT and ROLLBACK have become the units' edges and do not count. */
  readonly statements: number;
  readonly unknownDirectives: readonly UnknownDirective[];
  /** `COPY … FROM stdin` and `COPY … TO stdout`, which cannot run from a file. */
  readonly copyStreams: readonly Statement[];
};

/** Throws `internal` when `parser` is null and the file needs it (`needsParser`). */
export function shapeMigration(sql: string, parser: SqlParser | null): ShapedMigration {
  if (parser === null) {
    if (needsParser(sql)) {
      throw new CompanionError('internal', {
        message: 'This migration cannot be split without the SQL parser.',
      });
    }
    return inOneTransaction(splitAtBreakpoints(sql), [], []);
  }
  const comments: SqlToken[] = [];
  const statements: ParsedPiece[] = [];
  for (const piece of cutAtBreakpoints(sql)) {
    const scanned = scanTolerantly(piece.text, parser);
    for (const token of scanned) {
      if (token.comment)
        comments.push({ ...token, start: token.start + piece.offset, end: token.end + piece.offset });
    }
    for (const { text, offset } of splitTokens(piece.text, scanned)) {
      statements.push({ text, offset: piece.offset + offset, node: parseOne(text, parser) });
    }
  }
  return shapeParsed(sql, statements, readDirectives(comments));
}

/** A statement with its parse tree; null for one that does not parse. */
export type ParsedPiece = Statement & { readonly node: ParseNode | null };

/** As `shapeMigration`, from statements that were parsed before. */
export function shapeParsed(
  sql: string,
  pieces: readonly ParsedPiece[],
  { noTransaction, unknown }: Directives,
): ShapedMigration {
  const statements = pieces.map(({ node, text, offset }): Classified => {
    const is = classifyStatement(node);
    const leaves = is.kind === 'ordinary' ? is.leaves : undefined;
    return { statement: leaves ? { text, offset, leaves } : { text, offset }, is };
  });
  const copyStreams = statements.filter(({ is }) => is.kind === 'copy').map(({ statement }) => statement);
  const reason = reasonAgainst(sql, statements, noTransaction);
  if (reason === null)
    return inOneTransaction(
      statements.map(({ statement }) => statement),
      unknown,
      copyStreams,
    );
  const controlled = statements.some(isControl);
  const units = cutIntoUnits(statements, { opened: controlled && noTransaction === null });
  return {
    transaction: false,
    units,
    reason,
    statements: countStatements(units),
    unknownDirectives: unknown,
    copyStreams,
  };
}

type Classified = { readonly statement: Statement; readonly is: StatementClass };

function inOneTransaction(
  statements: readonly Statement[],
  unknownDirectives: readonly UnknownDirective[],
  copyStreams: readonly Statement[],
): ShapedMigration {
  const unit: Unit = { kind: 'transaction', statements, end: 'commit' };
  return { transaction: true, units: [unit], statements: statements.length, unknownDirectives, copyStreams };
}

/** What keeps the file from being one transaction; null when nothing does. */
function reasonAgainst(
  sql: string,
  statements: readonly Classified[],
  directive: number | null,
): string | null {
  const line = (offset: number) => `(line ${locateOffset(sql, offset).line})`;
  if (directive !== null) return `the directive no-transaction ${line(directive)}`;
  const lineOf = ({ text, offset }: Statement) => line(offset + skipBlank(text, 0));
  for (const { statement, is } of statements) {
    if (is.kind === 'begin' || is.kind === 'end') {
      return `the file manages its transactions itself: ${is.name} ${lineOf(statement)}`;
    }
  }
  for (const { statement, is } of statements) {
    if (is.kind === 'refuses') return `${is.name} cannot run inside a transaction ${lineOf(statement)}`;
  }
  return null;
}

function isControl({ is }: Classified): boolean {
  return is.kind === 'begin' || is.kind === 'end';
}

/**
 * Follows the file's own BEGIN and COMMIT. `opened`: a transaction is open at its start, as stock drizzle
 * opens one; teams write `COMMIT;` first to be rid of it.
 */
function cutIntoUnits(statements: readonly Classified[], { opened }: { opened: boolean }): Unit[] {
  const units: Unit[] = [];
  let open: Statement[] | null = opened ? [] : null;
  const close = (end: 'commit' | 'rollback') => {
    if (open !== null && open.length > 0) units.push({ kind: 'transaction', statements: open, end });
  };
  for (const { statement, is } of statements) {
    if (is.kind === 'end') {
      close(is.end);
      open = is.chain && open !== null ? [] : null;
    } else if (is.kind === 'begin') {
      open ??= [];
      // In an open transaction PostgreSQL warns, and still sets what BEGIN asks for.
      if (is.options) open.push(statement);
    } else if (open !== null) {
      open.push(statement);
    } else {
      units.push(autocommitted(statement, is));
    }
  }
  close('commit');
  return units;
}

function autocommitted(statement: Statement, is: StatementClass): Unit {
  const opaque = is.kind === 'ordinary' && !is.atomic;
  const atomic = is.kind === 'ordinary' && is.atomic;
  const unit = { kind: 'autocommit', statement, atomic, ...(opaque && { opaque }) } as const;
  return is.kind === 'refuses' && is.builds !== undefined ? { ...unit, builds: is.builds } : unit;
}

function countStatements(units: readonly Unit[]): number {
  return units.reduce((sum, unit) => sum + (unit.kind === 'transaction' ? unit.statements.length : 1), 0);
}
