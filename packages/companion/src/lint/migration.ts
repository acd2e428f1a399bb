import type { FindingLevel } from '../kernel/finding.ts';
import type { Allowance, UnknownDirective } from '../sql/directives.ts';
import type { ParseNode, SqlToken } from '../sql/parser.ts';

/** UTF-16 offsets in the migration's file. */
export type Span = { readonly start: number; readonly end: number };

/** One statement of a migration, with how it will run. */
export type LintStatement = Span & {
  readonly migration: LintMigration;
  /** Its place among the migration's statements, from 0. */
  readonly index: number;
  readonly node: ParseNode;
  /** As it stands in the file, without the comments before it and without its semicolon. */
  readonly text: string;
  /** Statements with one number run in one transaction; null: this one commits by itself, or is BEGIN or COMMIT. */
  readonly transaction: number | null;
  /** True for what stands inside a DO block: its span is the block's. */
  readonly nested: boolean;
  /** Offset in the file of a `location` in the parse tree. */
  offsetOf(location: number | undefined): number;
  /** PostgreSQL's own tokens of the statement, comments among them, with offsets in the file; scanned at the first call. */
  tokens(): readonly SqlToken[];
};

/** A statement that PostgreSQL's parser refuses. */
export type SyntaxFault = Span & { readonly offset: number; readonly message: string };

/** One SQL file, parsed. */
export type LintMigration = {
  readonly name: string;
  readonly file: string;
  readonly sql: string;
  /** Migrations with one number run together, in one deployment; what one makes is new to the others. */
  readonly batch: number;
  /** False for what is applied or merged already: it is read for its facts alone. */
  readonly linted: boolean;
  /** True when all of it runs in one transaction. */
  readonly inTransaction: boolean;
  /** Why it does not: the directive, or the statement that PostgreSQL refuses in one. */
  readonly reason?: string;
  readonly statements: readonly LintStatement[];
  readonly syntaxFaults: readonly SyntaxFault[];
  readonly allowances: readonly Allowance[];
  readonly unknownDirectives: readonly UnknownDirective[];
};

export type RuleFamily = 'locking' | 'data' | 'compatibility' | 'enums' | 'transactions' | 'style' | 'linter';

/** Who runs the folder: we, one transaction for each migration; stock drizzle, one for all that are pending. */
export type LintRunner = 'companion' | 'drizzle';

export type { FindingLevel };
