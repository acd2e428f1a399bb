import type { Rule } from '../../src/lint/rule.ts';

const FAMILIES = {
  locking: 'Locks and rewrites',
  data: 'Data',
  compatibility: 'Running code',
  enums: 'Enums',
  transactions: 'Transactions and time',
  style: 'Types and style',
  linter: 'The linter itself',
} as const satisfies Record<Rule['family'], string>;

const INDEX = /(<!-- rules -->\n)[\s\S]*?(<!-- end -->)/;

/** docs/rules/README.md with its list of rules made anew. Pure. */
export function renderRuleIndex(text: string, rules: readonly Rule[]): string {
  const sections = Object.entries(FAMILIES).map(([family, title]) => {
    const rows = rules
      .filter((rule) => rule.family === family)
      .map(({ id, level, title: what }) => `| [\`${id}\`](${id}.md) | ${level} | ${what} |`);
    return [`### ${title}`, '', '| rule | level | finds |', '| --- | --- | --- |', ...rows, ''].join('\n');
  });
  return text.replace(INDEX, (_, open: string, close: string) => `${open}\n${sections.join('\n')}\n${close}`);
}
