import type { Finding } from '../../kernel/finding.ts';

/** How to read the page that explains a finding: rules have theirs in the package, and a command that shows it. Pure. */
export function renderDocs({ docs }: Pick<Finding, 'docs'>): string {
  const [, rule] = /^docs\/rules\/([\w-]+)\.md$/.exec(docs) ?? [];
  return rule === undefined ? docs : `drizzle-companion lint --explain ${rule}`;
}
