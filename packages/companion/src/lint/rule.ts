import type { Rewrite } from '../kernel/finding.ts';
import type { NodeName, SqlParser } from '../sql/parser.ts';
import type { QualifiedName } from './facts/names.ts';
import type { SchemaFacts } from './facts/schema-facts.ts';
import type {
  FindingLevel,
  LintMigration,
  LintRunner,
  LintStatement,
  RuleFamily,
  Span,
} from './migration.ts';

/** Replaces a span of the migration's file. */
export type Edit = Span & { readonly text: string };

/** What a rule has to say of one place. */
export type Report = {
  readonly statement: LintStatement;
  /** Default: the whole statement. */
  readonly at?: Span;
  /** Where this one is less grave than the rule, or less certain. What the config says is never raised by it. */
  readonly level?: FindingLevel;
  /** The table whose size decides: nothing is said of one that the config calls small. */
  readonly growsWith?: QualifiedName;
  /** What happens on a live database: which lock, on which table, who waits, how long. Whole sentences. */
  readonly message: string;
  /** What to do instead, in a sentence or two. */
  readonly hint?: string;
  /** The user's own SQL, made safe, one entry for each migration it takes; ready to paste. */
  readonly rewrite?: readonly Rewrite[];
  /** The rewrite as edits of this file, where nothing else has to change: what `lint --fix` writes. */
  readonly edits?: readonly Edit[];
};

/** A report, with the rule that made it. */
export type Told = {
  readonly rule: Rule;
  readonly migration: LintMigration;
  readonly at: Span;
  readonly report: Omit<Report, 'statement'>;
};

/** What a rule may look at, besides the statement. */
export type RuleContext<Options = unknown> = {
  /** The schema as it stands before the statement; in `migration`, after the last one. */
  readonly facts: SchemaFacts;
  /** All migrations that are read, in order; those with another `batch` number are deployed at another time. */
  readonly migrations: readonly LintMigration[];
  /** The oldest major version that the migrations must run on. */
  readonly postgresVersion: number;
  readonly runner: LintRunner;
  readonly parser: SqlParser;
  /** Is there such a file or directory, counted from the repository's root or the project's? Absent where nobody can tell. */
  readonly pathExists?: (path: string) => boolean;
  readonly options: Options;
};

export type Rule<Options = unknown> = {
  /** Kebab-case: the name of its file, of its page, and after `lint/` of its findings. */
  readonly id: string;
  readonly family: RuleFamily;
  readonly level: FindingLevel | 'off';
  /** What it finds, in a line, for the index. */
  readonly title: string;
  /** Default options: the config may set these keys, with values of the same type. */
  readonly options?: Options;
  /** The statements it looks at, by the names of their nodes; every one where it does not say. */
  readonly of?: readonly NodeName[];
  /** Called for each statement, before the statement's own effect counts among the facts. */
  statement?(statement: LintStatement, context: RuleContext<Options>): readonly Report[];
  /** Called for each migration, after its last statement. */
  migration?(migration: LintMigration, context: RuleContext<Options>): readonly Report[];
};

/** Types a rule by its options, then forgets them, so that rules fit into one array. */
export function defineRule<const Options = undefined>(rule: Rule<Options>): Rule {
  // The options that a rule is called with are made from this very object's, which is what the cast relies on.
  return rule as unknown as Rule;
}
