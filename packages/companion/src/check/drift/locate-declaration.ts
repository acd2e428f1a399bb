import type { EntityKind } from '../../folder/picture/picture.ts';

/** A module of the schema, read once. */
export type SchemaSource = { readonly file: string; readonly text: string };

export type Declaration = { readonly file: string; readonly line: number };

/** How the functions that declare a kind of thing end: `pgTable`, `billing.table`, `pgMaterializedView`. */
const DECLARES: Readonly<Record<EntityKind, RegExp | null>> = {
  schema: /schema$/i,
  enum: /enum$/i,
  sequence: /sequence$/i,
  role: /role$/i,
  table: /table$/i,
  policy: /policy$/i,
  view: /view$/i,
  privilege: null,
};

/**
 * Where the code declares something, found by its quoted name in the one call that can have made it. Null where no
 * call does, or several: a wrong line is worse than none. Lines count from 1.
 */
export function locateDeclaration(
  sources: readonly SchemaSource[],
  entity: { readonly kind: EntityKind; readonly name: string },
  column?: string,
): Declaration | null {
  const found = sources.flatMap(({ file, text }) => {
    const code = blankComments(text);
    return findCalls(code, entity).map((offset) => ({ file, code, offset }));
  });
  const [only, second] = found;
  if (only === undefined || second !== undefined) return null;
  const { file, code, offset } = only;
  const at = column === undefined ? null : findColumn(code, offset, column);
  return { file, line: lineAt(code, at ?? offset) };
}

function findCalls(code: string, { kind, name }: { kind: EntityKind; name: string }): readonly number[] {
  const declares = DECLARES[kind];
  if (declares === null) return [];
  const call = new RegExp(`([\\w$]+)\\s*(?:<[^<>()]*>)?\\(\\s*(['"\`])${quoteForPattern(name)}\\2`, 'g');
  return [...code.matchAll(call)].filter((match) => declares.test(match[1] ?? '')).map(({ index }) => index);
}

/** The one place within the call that names the column, quoted in its builder or as a key; null when unsure. */
function findColumn(code: string, offset: number, column: string): number | null {
  const body = code.slice(offset, endOfCall(code, offset));
  const quoted = new RegExp(`[\\w$]+['"]?\\s*:\\s*[\\w$.]+\\(\\s*(['"\`])${quoteForPattern(column)}\\1`, 'g');
  const camel = column.replace(/_+([a-zA-Z0-9])/g, (_, letter: string) => letter.toUpperCase());
  const key = new RegExp(
    `(?<![\\w$.])['"]?(?:${quoteForPattern(column)}|${quoteForPattern(camel)})['"]?\\s*:\\s*[\\w$.]+\\(`,
    'g',
  );
  for (const pattern of [quoted, key]) {
    const [only, second] = [...body.matchAll(pattern)];
    if (only !== undefined) return second === undefined ? offset + only.index : null;
  }
  return null;
}

function endOfCall(code: string, offset: number): number {
  const bare = code.replace(STRING, (text) => ' '.repeat(text.length));
  let depth = 0;
  for (let at = bare.indexOf('(', offset); at >= 0 && at < bare.length; at += 1) {
    if (bare[at] === '(') depth += 1;
    else if (bare[at] === ')' && --depth === 0) return at;
  }
  return code.length;
}

const STRING = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g;
const COMMENT_OR_STRING = new RegExp(`//[^\\n]*|/\\*[\\s\\S]*?\\*/|${STRING.source}`, 'g');

/** The code with every comment turned into blanks, so that offsets and lines stay. */
function blankComments(text: string): string {
  return text.replace(COMMENT_OR_STRING, (piece) =>
    piece.startsWith('/') ? piece.replace(/[^\n]/g, ' ') : piece,
  );
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

function quoteForPattern(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
