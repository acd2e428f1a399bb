import type { SchemaFacts } from '../facts/schema-facts.ts';
import type { LintStatement, Span } from '../migration.ts';
import { NEWER_CONSTRUCTS, type NewerConstruct } from '../reading/newer-constructs.ts';
import { defineRule } from '../rule.ts';

export const syntaxNeedsNewerPostgres = defineRule({
  id: 'syntax-needs-newer-postgres',
  family: 'transactions',
  level: 'error',
  title: 'The statement needs a newer PostgreSQL than the oldest it must run on',
  statement(statement, { facts, postgresVersion }) {
    const newer = newerThan(postgresVersion);
    if (newer.size === 0) return [];
    const all: Found[] = [];
    findIn(statement.node, newer, undefined, all);
    const found = all
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

type Wanted = { readonly construct: NewerConstruct; test(inside: unknown): boolean };

/** What a version does not know, by the name of the node: trees are walked for every statement, and are large. */
function newerThan(version: number): ReadonlyMap<string, readonly Wanted[]> {
  const known = newerByVersion.get(version);
  if (known !== undefined) return known;
  const byNode = new Map<string, Wanted[]>();
  for (const construct of NEWER_CONSTRUCTS.filter(({ since }) => since > version)) {
    for (const { name, test } of construct.nodes) {
      byNode.set(name, [...(byNode.get(name) ?? []), { construct, test }]);
    }
  }
  newerByVersion.set(version, byNode);
  return byNode;
}

const newerByVersion = new Map<number, ReadonlyMap<string, readonly Wanted[]>>();

/** Adds to `found`. `location` is that of the innermost node that has one. */
function findIn(
  tree: object,
  wanted: ReadonlyMap<string, readonly Wanted[]>,
  location: number | undefined,
  found: Found[],
): void {
  const own = locationOf(tree) ?? location;
  for (const key in tree) {
    const value = (tree as Readonly<Record<string, unknown>>)[key];
    if (typeof value !== 'object' || value === null) continue;
    for (const { construct, test } of wanted.get(WRITTEN_WITHOUT_NAME[key] ?? key) ?? NONE) {
      if (test(value)) found.push({ construct, location: locationOf(value) ?? own });
    }
    findIn(value, wanted, own, found);
  }
}

const NONE: readonly Wanted[] = [];

function locationOf(node: object): number | undefined {
  const { location } = node as { location?: unknown };
  return typeof location === 'number' && location > 0 ? location : undefined;
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
