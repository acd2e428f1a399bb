import type { Catalog, CatalogEntity, CatalogFacts, CatalogPart } from '../../../catalog/catalog.ts';
import { entityKey, isSameEntity } from '../../../catalog/entity-key.ts';
import { isNameAsText, nameOfToken, scanNames } from '../../../catalog/mentions.ts';
import { parseOne } from '../../../sql/parse-tolerantly.ts';
import type { SqlParser, SqlToken } from '../../../sql/parser.ts';
import { quoteIdentifier } from '../../../sql/quote.ts';
import type { Rename } from './rename.ts';

/**
 * The database as it is once something has its name back: nothing that only follows from the other name is otherwise then. What reads
 * as the migrations have it is left as it reads. Pure.
 */
export function renameBack(live: Catalog, rename: Rename, { made, parser }: RenameContext): Catalog {
  const known = new Map(made.entities.map((entity) => [entityKey(entity), entity]));
  const context = { rename, parser };
  const entities = live.entities.map((entity) => {
    const isIn = rename.kind === 'schema' && entity.schema === rename.actual.name;
    const isIt = isSameEntity(entity, { ...rename, ...rename.actual });
    const named: CatalogEntity = {
      ...entity,
      schema: isIn ? rename.name : isIt || goesWith(entity, context) ? rename.schema : entity.schema,
      name: isIt ? rename.name : entity.name.includes('(') ? inText(entity.name, context) : entity.name,
    };
    const counterpart = known.get(entityKey(named));
    return {
      ...named,
      facts: inFacts(entity.facts, counterpart?.facts, { ...context, isWithin: isIt }),
      parts: entity.parts.map((part) => {
        const name = nameOfPart(part, isIt, context);
        const wanted = counterpart?.parts.find((one) => one.kind === part.kind && one.name === name);
        const isWithin = isIt || isMentioned(part.name, context);
        return { ...part, name, facts: inFacts(part.facts, wanted?.facts, { ...context, isWithin }) };
      }),
    };
  });
  return { ...live, entities };
}

export type RenameContext = { readonly made: Catalog; readonly parser: SqlParser };

type TextContext = {
  readonly rename: Rename;
  readonly parser: SqlParser;
  /** Is it said of what was renamed, which then is not named in it? */
  readonly isWithin?: boolean;
};

const PROSE = new Set(['comment', 'index comment', 'values', 'options', 'toast options']);

function inFacts(facts: CatalogFacts, wanted: CatalogFacts | undefined, context: TextContext): CatalogFacts {
  const entries = Object.entries(facts).map(([fact, text]) => {
    const isAsMade = PROSE.has(fact) || wanted?.[fact] === text;
    if (fact === 'identity sequence' && context.isWithin) return [fact, inHome(text, context)];
    return [fact, isAsMade ? text : inText(text, context)];
  });
  return Object.fromEntries(entries);
}

/** The sequences of its columns go with a table from schema to schema. */
function goesWith({ kind, facts }: CatalogEntity, context: TextContext): boolean {
  const { actual, schema, column } = context.rename;
  const isMove = context.rename.kind === 'table' && column === undefined && actual.schema !== schema;
  return isMove && kind === 'sequence' && isMentioned(facts['owned by'] ?? '', context);
}

function inHome(text: string, { rename: { actual, schema }, parser }: TextContext): string {
  const [home] = parser.scan(text);
  const isThere = home !== undefined && schema !== null && nameOfToken(home) === actual.schema;
  return isThere ? showName(schema, parser) + text.slice(home.end) : text;
}

function isMentioned(text: string, { rename, parser }: TextContext): boolean {
  if (!text.includes(rename.actual.name)) return false;
  const tokens = scanNames(text, parser);
  return tokens.some((_, at) => isNamed(tokens, at, rename));
}

function nameOfPart({ kind, name }: CatalogPart, isIt: boolean, context: TextContext): string {
  if (kind === 'member') return inText(name, context);
  const { column } = context.rename;
  return isIt && kind === 'column' && name === column?.actual ? column.name : name;
}

/** Token by token: PostgreSQL's rendering is not written anew. */
function inText(text: string, context: TextContext): string {
  const { rename, parser, isWithin = false } = context;
  const { actual, column } = rename;
  if (!text.includes(column?.actual ?? actual.name)) return text;
  const tokens = scanNames(text, parser);
  const isAbout = isWithin || tokens.some((_, at) => isNamed(tokens, at, rename));
  const show = (name: string) => showName(name, parser);
  const cuts = tokens.flatMap((token, at): readonly Cut[] => {
    if (isNameAsText(tokens, at)) {
      const inner = inText(token.text.slice(1, -1).replaceAll("''", "'"), { rename, parser });
      return [{ ...token, text: `'${inner.replaceAll("'", "''")}'` }];
    }
    if (!isAbout) return [];
    return (column === undefined ? cutName(tokens, at, rename) : cutColumn(tokens, at, column)).map(
      (cut) => ({
        ...cut,
        text: show(cut.text),
      }),
    );
  });
  return cuts.reduceRight(
    (done, { start, end, text: put }) => done.slice(0, start) + put + done.slice(end),
    text,
  );
}

type Cut = { readonly start: number; readonly end: number; readonly text: string };

/** Does its name begin here: the schema, a dot, and it? Of a schema, itself before a dot. */
function isNamed(tokens: readonly SqlToken[], at: number, { kind, actual }: Rename): boolean {
  const [token, dot, next] = [tokens[at], tokens[at + 1], tokens[at + 2]];
  if (token === undefined || dot?.text !== '.' || tokens[at - 1]?.text === '.') return false;
  if (kind === 'schema') return nameOfToken(token) === actual.name;
  return (
    nameOfToken(token) === actual.schema &&
    next !== undefined &&
    nameOfToken(next) === actual.name.split('(')[0]
  );
}

function cutName(tokens: readonly SqlToken[], at: number, rename: Rename): readonly Cut[] {
  const [token, next] = [tokens[at], tokens[at + 2]];
  if (token === undefined) return [];
  if (isNamed(tokens, at, rename)) {
    const home: Cut = { start: token.start, end: token.end, text: rename.schema ?? rename.name };
    const own = rename.kind === 'schema' ? null : next;
    return own == null ? [home] : [home, { start: own.start, end: own.end, text: rename.name }];
  }
  // Before a column, a table stands without its schema.
  const isQualifier = tokens[at - 1]?.text !== '.' && tokens[at + 1]?.text === '.';
  return rename.kind !== 'schema' && isQualifier && nameOfToken(token) === rename.actual.name
    ? [{ start: token.start, end: token.end, text: rename.name }]
    : [];
}

/** A view keeps its columns' names with an AS, which it then needs no more. */
function cutColumn(
  tokens: readonly SqlToken[],
  at: number,
  { name, actual }: { readonly name: string; readonly actual: string },
): readonly Cut[] {
  const token = tokens[at];
  if (token === undefined || nameOfToken(token) !== actual) return [];
  if (tokens[at - 1]?.keyword === 'as' || ['.', '('].includes(tokens[at + 1]?.text ?? '')) return [];
  const alias = tokens[at + 1]?.keyword === 'as' ? tokens[at + 2] : undefined;
  const isNeedless = alias !== undefined && nameOfToken(alias) === name;
  return [{ start: token.start, end: isNeedless ? alias.end : token.end, text: name }];
}

/** With quotes where PostgreSQL puts them: an unreserved word, and no other, may name a function and a table. */
function showName(name: string, parser: SqlParser): string {
  const isPlain =
    /^[a-z_][a-z0-9_]*$/.test(name) && parseOne(`SELECT ${name}(1) FROM ${name}`, parser) !== null;
  return isPlain ? name : quoteIdentifier(name);
}
