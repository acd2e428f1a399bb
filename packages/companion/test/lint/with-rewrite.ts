import type { Rewrite } from '../../src/kernel/finding.ts';

/** The migration as it reads when a rewrite has been pasted where its title says. */
export function withRewrite(sql: string, rewrite: Rewrite | undefined): string {
  const [, from, to] = /lines (\d+) to (\d+)$/.exec(rewrite?.title ?? '') ?? [];
  const text = rewrite?.sql ?? '';
  if (from === undefined || to === undefined) return text;
  const lines = sql.split('\n');
  return [...lines.slice(0, Number(from) - 1), text, ...lines.slice(Number(to))].join('\n');
}
