import { classifyStatement } from '../../sql/classify-statement.ts';
import { mayHoldDirectives, readDirectives } from '../../sql/directives.ts';
import type { SqlParser } from '../../sql/parser.ts';
import { scanTolerantly } from '../../sql/split-statements.ts';
import type { LintMigration, LintRunner, LintStatement } from '../migration.ts';

/** A BEGIN, COMMIT or ROLLBACK of the file. */
export type Control = {
  readonly statement: LintStatement;
  readonly kind: 'begin' | 'commit' | 'rollback';
  /** As the file has it: `BEGIN`, `START TRANSACTION`, `END`. */
  readonly written: string;
  /** The transaction that it finds open: the runner's, one that the file began after the runner's had ended, or none. */
  readonly finds: 'runner' | 'file' | 'none';
  /** Of a COMMIT or ROLLBACK: the BEGIN before it, though it began nothing. */
  readonly partner: LintStatement | null;
  /** True for COMMIT AND CHAIN, which begins the next one. */
  readonly chain: boolean;
};

/** What a file does to the transaction that its runner opens for it, in order. Pure. */
export function readControls(
  migration: LintMigration,
  { runner, parser }: { readonly runner: LintRunner; readonly parser: SqlParser },
): readonly Control[] {
  const controls: Control[] = [];
  let open: Control['finds'] | null = null;
  let began: LintStatement | null = null;
  for (const statement of migration.statements) {
    const is = classifyStatement(statement.node);
    if (statement.nested || (is.kind !== 'begin' && is.kind !== 'end')) continue;
    const finds: Control['finds'] = open ?? (beginsOpen(migration, runner, parser) ? 'runner' : 'none');
    const written = writtenName(statement);
    if (is.kind === 'begin') {
      controls.push({ statement, kind: 'begin', written, finds, partner: null, chain: false });
      open = finds === 'none' ? 'file' : finds;
      began = statement;
    } else {
      controls.push({ statement, kind: is.end, written, finds, partner: began, chain: is.chain });
      open = is.chain && finds !== 'none' ? 'file' : 'none';
      began = null;
    }
  }
  return controls;
}

/** Everything but transaction control and what stands inside DO blocks. */
export function workOf({ statements }: LintMigration): readonly LintStatement[] {
  return statements.filter(({ node, nested }) => {
    const { kind } = classifyStatement(node);
    return !nested && kind !== 'begin' && kind !== 'end';
  });
}

/** A file with the directive opens its transactions itself; stock drizzle does not know the directive. */
function beginsOpen({ sql }: LintMigration, runner: LintRunner, parser: SqlParser): boolean {
  if (runner === 'drizzle' || !mayHoldDirectives(sql)) return true;
  return readDirectives(scanTolerantly(sql, parser)).noTransaction === null;
}

function writtenName(statement: LintStatement): string {
  const [first, second] = statement.tokens().filter(({ comment }) => !comment);
  const word = (first?.text ?? '').toUpperCase();
  return word === 'START' ? `START ${(second?.text ?? '').toUpperCase()}` : word;
}
