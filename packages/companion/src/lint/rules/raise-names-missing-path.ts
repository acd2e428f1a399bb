import { parseExpression } from '../../sql/parse-expression.ts';
import type { RaisedText, SqlParser } from '../../sql/parser.ts';
import type { LintStatement, Span } from '../migration.ts';
import { defineRule } from '../rule.ts';

export const raiseNamesMissingPath = defineRule({
  id: 'raise-names-missing-path',
  family: 'data',
  level: 'warning',
  title: 'A RAISE sends people to a file that does not exist',
  statement(statement, { parser, pathExists }) {
    const { node, nested } = statement;
    if (pathExists === undefined || nested || !('DoStmt' in node || 'CreateFunctionStmt' in node)) return [];
    const texts = parser.parseRaises(statement.text).flatMap((raised) => textsOf(raised, parser));
    const missing = new Set(
      texts.flatMap(wordsOf).filter((word) => looksLikePath(word, pathExists) && !pathExists(word)),
    );
    return [...missing].map((path) => ({
      statement,
      at: spanOf(path, statement),
      message: `The message names ${path}, and there is no such file. Who reads it does so while a deployment stands still, and is sent to nothing.`,
      hint: 'Correct the path, or commit the file together with the migration.',
    }));
  },
});

/** The message, and every text in what comes with it. */
function textsOf({ message, expressions }: RaisedText, parser: SqlParser): readonly string[] {
  const constants = expressions.flatMap((expression) => [
    ...constantsIn(parseExpression(expression, parser)),
  ]);
  return message === null ? constants : [message, ...constants];
}

function* constantsIn(node: unknown): Generator<string> {
  if (typeof node !== 'object' || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    const text: unknown = key === 'A_Const' ? value?.sval?.sval : undefined;
    if (typeof text === 'string') yield text;
    else yield* constantsIn(value);
  }
}

/** Without the quotes and stops around them, and without the line behind a path (`jobs/a.ts:12`). */
function wordsOf(text: string): readonly string[] {
  return text
    .split(/\s+/)
    .map((word) => word.replace(/^[("'`«“<[]+/, '').replace(/[)"'`»”>\].,;:!?]+$/, ''))
    .map((word) => word.replace(/(:\d+)+$/, '').replace(/^\.\//, ''));
}

/** Directories to which messages send people, in projects that have them and in those that have not yet. */
const KNOWN: readonly string[] = ['docs', 'jobs', 'scripts', 'runbooks'];

function looksLikePath(word: string, pathExists: (path: string) => boolean): boolean {
  const [first = '', ...rest] = word.split('/');
  // Addresses, routes, placeholders, and what lies outside of the project.
  if (rest.length === 0 || first === '' || first === '..' || !/^[\w@.+/-]+$/.test(word)) return false;
  // A host: `example.com/guide`.
  if (first.includes('.', 1)) return false;
  const isFile = /\.[a-z][a-z0-9]{0,4}$/i.test(rest.at(-1) ?? '');
  return isFile || KNOWN.includes(first) || pathExists(first);
}

function spanOf(path: string, statement: LintStatement): Span {
  const place = statement.text.indexOf(path);
  if (place === -1) return statement;
  const start = statement.start + place;
  return { start, end: start + path.length };
}
