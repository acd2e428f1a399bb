import { statementsOf, type Unit } from '../kernel/plan.ts';
import { classifyStatement } from '../sql/classify-statement.ts';
import type { ParseNode } from '../sql/parser.ts';
import { cutAtBreakpoints } from '../sql/split-statements.ts';
import type { LintRunner, Span } from './migration.ts';

export type NumberedFile = {
  readonly sql: string;
  readonly batch: number;
  readonly statements: readonly (Span & { readonly node: ParseNode })[];
  /** How our runner sends it. */
  readonly units: readonly Unit[];
};

/** By the offset of a statement: which transaction it runs in. What is missing commits by itself. */
export type TransactionNumbers = (file: NumberedFile) => ReadonlyMap<number, number>;

/** Numbers the transactions of files, to be asked for each of them in the order in which they run. */
export function numberTransactions(runner: LintRunner): TransactionNumbers {
  return runner === 'companion' ? numberOurs() : numberStock();
}

/** Every file has transactions of its own. */
function numberOurs(): TransactionNumbers {
  let next = 0;
  return ({ units }) => {
    const numbers = new Map<number, number>();
    for (const unit of units) {
      if (unit.kind !== 'transaction') continue;
      for (const { offset } of statementsOf([unit])) numbers.set(offset, next);
      next += 1;
    }
    return numbers;
  };
}

/** Stock drizzle opens one transaction for all that is pending; a file's own COMMIT ends it for the rest of the run. */
function numberStock(): TransactionNumbers {
  let next = 0;
  let batch: number | null = null;
  let open: number | null = null;
  return (file) => {
    if (file.batch !== batch) open = next++;
    batch = file.batch;
    const numbers = new Map<number, number>();
    for (const { node, piece } of withPieces(file)) {
      const is = classifyStatement(node.node);
      if (is.kind === 'begin') open ??= next++;
      else if (is.kind === 'end') open = is.chain && open !== null ? next++ : null;
      else if (open !== null) numbers.set(node.start, open);
      else if (piece.statements > 1) {
        // Several statements between two breakpoints are one message, which is a transaction.
        piece.number ??= next++;
        numbers.set(node.start, piece.number);
      }
    }
    return numbers;
  };
}

type Piece = { readonly start: number; statements: number; number?: number };

function withPieces({ sql, statements }: NumberedFile) {
  const pieces: Piece[] = cutAtBreakpoints(sql).map(({ offset }) => ({ start: offset, statements: 0 }));
  return statements.map((node) => {
    const piece = pieces.findLast(({ start }) => start <= node.start) ?? { start: 0, statements: 0 };
    piece.statements += 1;
    return { node, piece };
  });
}
