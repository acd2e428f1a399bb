import type { Finding } from '../../kernel/finding.ts';

/** The rewrites of a finding as plain text, for programs that show text: title, then SQL; each begins a line. Pure. */
export function renderRewrite({ rewrite = [] }: Finding): readonly string[] {
  return rewrite.map(({ title, sql }) =>
    title === undefined ? sql.trimEnd() : `${title}:\n${sql.trimEnd()}`,
  );
}

/** The same in Markdown. Pure. */
export function renderRewriteMarkdown({ rewrite = [] }: Finding): readonly string[] {
  return rewrite.map(({ title, sql }) => {
    // Longer than any run of backticks in the SQL, so that the block ends where it should.
    const fence = '`'.repeat(Math.max(3, ...[...sql.matchAll(/`+/g)].map(([run]) => run.length + 1)));
    return `${title === undefined ? '' : `${title}:\n\n`}${fence}sql\n${sql.trimEnd()}\n${fence}`;
  });
}
