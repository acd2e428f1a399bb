import type { Finding, FindingLevel } from '../kernel/finding.ts';
import { describeUnknownDirective } from '../sql/directives.ts';
import { locateOffset } from '../sql/locate.ts';
import type { NodeName, ParseNode, SqlParser } from '../sql/parser.ts';
import { withBreakpoints } from './advice/with-breakpoints.ts';
import { applyAllowances } from './allowances.ts';
import { applyStatement } from './facts/apply-statement.ts';
import { completeFacts } from './facts/complete-facts.ts';
import { keyOfName } from './facts/names.ts';
import { createSchemaState, viewFacts } from './facts/schema-facts.ts';
import { codeOf, type LintSettings, levelOf } from './lint-settings.ts';
import type { LintMigration, Span } from './migration.ts';
import { numberTransactions } from './number-transactions.ts';
import { type MigrationSource, parseMigration } from './parse-migration.ts';
import type { Edit, Report, Rule, RuleContext, Told } from './rule.ts';
import { syntaxError } from './rules/syntax-error.ts';

export type LintInput = {
  /** In the order in which they run: what comes before the linted ones is read for its facts. */
  readonly migrations: readonly MigrationSource[];
  /** drizzle-kit's picture of the schema before the first linted migration, parsed; null where there is none. */
  readonly snapshot: unknown;
  readonly rules: readonly Rule[];
  readonly settings: LintSettings;
  readonly parser: SqlParser;
  /** True where no migration of the folder is left out. */
  readonly isWhole?: boolean;
  /** Is there such a file or directory, counted from the repository's root or the project's? Absent where nobody can tell. */
  readonly pathExists?: (path: string) => boolean;
};

/** A finding with what `lint --fix` would write; no edits where nothing is mechanical. */
export type LintFinding = { readonly finding: Finding; readonly edits: readonly Edit[] };

export type LintResult = {
  /** By migration, then by place. */
  readonly findings: readonly LintFinding[];
  /** What a comment in the SQL allows. */
  readonly allowed: readonly Finding[];
  /** Tables that the config calls small, and that neither migrations nor snapshot have; empty unless all was read. */
  readonly unknownTables: readonly string[];
};

/** Judges the migrations by all rules. Pure. */
export function lintMigrations(input: LintInput): LintResult {
  const { parser, settings } = input;
  const rules = input.rules.filter((rule) => levelOf(rule, settings) !== 'off');
  const migrations = parseAll(input);
  const state = createSchemaState();
  const facts = viewFacts(state);
  const small = new Set(settings.smallTables.map((name) => keyOfTable(name)));
  const told: Told[] = [];
  const judges = rules.map((rule) => ({ rule, context: buildContext(rule) }));
  const ofMigrations = judges.filter(({ rule }) => rule.migration !== undefined);
  const byNode = new Map<NodeName, typeof judges>();
  let isComplete = false;
  for (const migration of migrations) {
    if (migration.linted && !isComplete) {
      isComplete = true;
      completeFacts(state, input.snapshot, parser);
    }
    for (const statement of migration.statements) {
      if (migration.linted) {
        for (const { rule, context } of judgesOf(nameOfNode(statement.node))) {
          tell(rule, migration, rule.statement?.(statement, context));
        }
      }
      applyStatement(state, statement);
    }
    if (!migration.linted) continue;
    for (const { rule, context } of ofMigrations) {
      tell(rule, migration, rule.migration?.(migration, context));
    }
    for (const fault of migration.syntaxFaults) {
      const at = { start: fault.offset, end: fault.end };
      told.push({ rule: syntaxError, migration, at, report: { message: describeFault(fault.message) } });
    }
  }
  const isKnown = (name: string) => state.tables.has(keyOfTable(name));
  const unknownTables =
    input.isWhole === true && isComplete ? settings.smallTables.filter((name) => !isKnown(name)) : [];
  return { ...judge(told, migrations, input), unknownTables };

  /** Those who look at statements of this kind: most look at one kind alone. */
  function judgesOf(name: NodeName): typeof judges {
    const known = byNode.get(name);
    if (known !== undefined) return known;
    const asked = judges.filter(
      ({ rule }) => rule.statement !== undefined && (rule.of?.includes(name) ?? true),
    );
    byNode.set(name, asked);
    return asked;
  }

  function tell(rule: Rule, migration: LintMigration, reports: readonly Report[] = []): void {
    for (const { statement, at = statement, edits, rewrite, ...rest } of reports) {
      if (rest.growsWith !== undefined && small.has(keyOfName(rest.growsWith))) continue;
      const report = {
        ...rest,
        ...(rewrite === undefined ? {} : { rewrite: rewrite.map((one) => withBreakpoints(one, parser)) }),
      };
      // The place of a statement inside a DO block is not known well enough to write there.
      const isWritable = edits !== undefined && !statement.nested;
      told.push({ rule, migration, at, report: isWritable ? { ...report, edits } : report });
    }
  }

  function buildContext(rule: Rule): RuleContext {
    const options = { ...(rule.options as object), ...settings.options.get(codeOf(rule)) };
    const { postgresVersion, runner } = settings;
    const { pathExists } = input;
    const known = pathExists === undefined ? {} : { pathExists };
    return { facts, migrations, postgresVersion, runner, parser, options, ...known };
  }
}

function nameOfNode(node: ParseNode): NodeName {
  return Object.keys(node)[0] as NodeName;
}

function parseAll({ migrations, parser, settings: { runner } }: LintInput): readonly LintMigration[] {
  const numbers = numberTransactions(runner);
  return migrations.map((source) => parseMigration(source, { parser, numbers }));
}

function judge(
  told: readonly Told[],
  migrations: readonly LintMigration[],
  input: LintInput,
): Omit<LintResult, 'unknownTables'> {
  const { kept, allowed } = applyAllowances(told, migrations, input);
  const order = new Map(migrations.map((migration, place) => [migration, place]));
  const found = [
    ...kept.map((one) => ({
      ...{ migration: one.migration, start: one.at.start, edits: one.report.edits ?? [] },
      finding: buildFinding(one, input.settings),
    })),
    ...migrations.filter(({ linted }) => linted).flatMap(findUnknownDirectives),
  ];
  const sorted = found.sort(
    (a, b) => (order.get(a.migration) ?? 0) - (order.get(b.migration) ?? 0) || a.start - b.start,
  );
  return {
    findings: sorted.map(({ finding, edits }) => ({ finding, edits })),
    allowed: allowed.map((one) => buildFinding(one, input.settings)),
  };
}

/** No rule, and not to be switched off: `migrate` would stop at it all the same. */
function findUnknownDirectives(migration: LintMigration) {
  return migration.unknownDirectives.map((directive) => {
    const { offset: start, end } = directive;
    const finding: Finding = {
      code: 'plan/unknown-directive',
      level: 'error',
      ...placeSpan(migration, { start, end }),
      ...describeUnknownDirective(directive),
      docs: 'docs/findings.md#planunknown-directive',
    };
    return { migration, start, finding, edits: [] };
  });
}

function buildFinding({ rule, migration, at, report }: Told, settings: LintSettings): Finding {
  const { message, hint, rewrite, edits } = report;
  const level = milder(levelOf(rule, settings), report.level);
  return {
    code: codeOf(rule),
    level,
    message,
    ...placeSpan(migration, at),
    ...(hint === undefined ? {} : { hint }),
    ...(rewrite === undefined ? {} : { rewrite }),
    ...(edits === undefined ? {} : { fix: level === 'info' ? `${FIX} --verbose` : FIX }),
    docs: `docs/rules/${rule.id}.md`,
  };
}

/** Mends what it shows, and so what is only worth knowing under --verbose alone. */
const FIX = 'drizzle-companion lint --fix';

function placeSpan({ name, file, sql }: LintMigration, at: Span) {
  const start = locateOffset(sql, at.start);
  const end = locateOffset(sql, at.end);
  return {
    ...{ migration: name, file, line: start.line, column: start.column },
    ...{ endLine: end.line, endColumn: end.column },
  };
}

const MILDEST_FIRST: readonly Rule['level'][] = ['off', 'info', 'warning', 'error'];

function milder(configured: Rule['level'], own: FindingLevel = 'error'): FindingLevel {
  const level = MILDEST_FIRST.indexOf(own) < MILDEST_FIRST.indexOf(configured) ? own : configured;
  return level === 'off' ? 'info' : level;
}

function describeFault(message: string): string {
  return `PostgreSQL cannot read this statement: ${message}. The migration would fail here.`;
}

/** `settings` or `billing.plans`, as the config names a table. */
function keyOfTable(name: string): string {
  const [first = '', second] = name.split('.');
  return keyOfName(second === undefined ? { schema: null, name: first } : { schema: first, name: second });
}
