import type { SqlParser } from '../../../sql/parser.ts';

type Words = {
  /** Behind the first of these keywords … */
  readonly behind: string;
  /** … stands this, too. */
  readonly put: string;
  /** And the first of these is left out. */
  readonly without?: string;
};

/** PostgreSQL's own rendering of something as a statement, ended. Pure. */
export function endStatement(definition: string): string {
  return `${definition.trim().replace(/;$/, '')};`;
}

/** The same with a word more: `CREATE INDEX CONCURRENTLY`, `CREATE OR REPLACE TRIGGER`. Pure. */
export function withWord(definition: string, { behind, put, without }: Words, parser: SqlParser): string {
  const tokens = parser.scan(definition);
  const first = tokens.find(({ keyword }) => keyword === behind);
  const left = tokens.find(({ keyword }) => keyword !== null && keyword === without);
  if (first === undefined) return endStatement(definition);
  const end =
    left === undefined
      ? definition.slice(first.end)
      : definition.slice(first.end, left.start) + definition.slice(left.end + 1);
  return endStatement(`${definition.slice(0, first.end)}${put === '' ? '' : ` ${put}`}${end}`);
}
