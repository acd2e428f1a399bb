import type { ParseNode } from '../../sql/parser.ts';
import type { SchemaFacts } from '../facts/schema-facts.ts';
import type { LintStatement, Span } from '../migration.ts';
import { NEWER_CONSTRUCTS, type NewerConstruct } from '../newer-constructs.ts';
import { defineRule } from '../rule.ts';

export const syntaxNeedsNewerPostgres = defineRule({
  id: 'syntax-needs-newer-postgres',
  family: 'transactions',
  level: 'error',
  title: 'The statement needs a newer PostgreSQL than the oldest it must run on',
  statement(statement, { facts, postgresVersion }) {
    const newer = NEWER_CONSTRUCTS.filter(({ since }) => since > postgresVersion);
    if (newer.length === 0) return [];
    const found = [...findIn(statement.node, newer, undefined)]
      // PL/pgSQL reads the grammar of a whole block at once, but comes to functions and options only as it runs.
      .filter(({ construct }) => !statement.nested || construct.refusal === '42601')
      .filter(({ construct }) => !isOwnFunction(construct, facts));
    const newest = found.sort((a, b) => b.construct.since - a.construct.since)[0];
    if (newest === undefined) return [];
    const { since, name, refusal, instead } = newest.construct;
    const others = [
      ...new Set(found.flatMap(({ construct }) => (construct.name === name ? [] : [construct.name]))),
    ];
    return [
      {
        statement,
        ...(statement.nested ? {} : { at: spanAt(statement, newest.location) }),
        message: `${capitalised(name)} needs PostgreSQL ${since}; the migrations must run on ${postgresVersion}, which refuses the statement (${refusal}).${others.length === 0 ? '' : ` The same goes for ${others.join(', ')}.`}`,
        hint: `${instead === undefined ? '' : `Write ${instead} instead. `}If no database is older than ${since} any more, set postgresVersion to ${since} in the config.`,
      },
    ];
  },
});

type Found = { readonly construct: NewerConstruct; readonly location: number | undefined };

/** `location` is that of the innermost node that has one. */
function* findIn(
  tree: unknown,
  wanted: readonly NewerConstruct[],
  location: number | undefined,
): Generator<Found> {
  if (Array.isArray(tree)) {
    for (const item of tree) yield* findIn(item, wanted, location);
    return;
  }
  if (typeof tree !== 'object' || tree === null) return;
  const own =
    'location' in tree && typeof tree.location === 'number' && tree.location > 0 ? tree.location : location;
  for (const [key, value] of Object.entries(tree)) {
    if (typeof value !== 'object' || value === null) continue;
    const name = WRITTEN_WITHOUT_NAME[key] ?? key;
    const inside =
      'location' in value && typeof value.location === 'number' && value.location > 0 ? value.location : own;
    for (const construct of wanted) {
      if (construct.isIn({ [name]: value } as unknown as ParseNode)) yield { construct, location: inside };
    }
    yield* findIn(value, wanted, own);
  }
}

/** Fields whose node stands there without its name. */
const WRITTEN_WITHOUT_NAME: Readonly<Record<string, string>> = { returningClause: 'ReturningClause' };

/** A function of that name that the migrations make, for older servers. */
function isOwnFunction({ name, refusal }: NewerConstruct, facts: SchemaFacts): boolean {
  if (refusal !== '42883' || !name.endsWith('()')) return false;
  return facts.object('function', { schema: null, name: name.slice(0, -2) }) !== null;
}

function spanAt(statement: LintStatement, location: number | undefined): Span {
  if (location === undefined) return statement;
  const start = statement.offsetOf(location);
  const token = statement.tokens().find((one) => one.start <= start && start < one.end);
  return token === undefined ? statement : { start: token.start, end: token.end };
}

function capitalised(text: string): string {
  return text.startsWith('a ') ? `A${text.slice(1)}` : text;
}
