import { readFileSync } from 'node:fs';
import type { Finding } from '../../kernel/finding.ts';

/** Tables of `lint.smallTables` that there are not: mistyped, they would make nothing small. */
export function describeUnknownTables(names: readonly string[], file: string | null): readonly Finding[] {
  if (names.length === 0 || file === null) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return names.map((name) => {
    const line = lines.findIndex((text) => text.includes(`'${name}'`) || text.includes(`"${name}"`)) + 1;
    return {
      code: 'config/unknown-table',
      level: 'warning',
      message: `lint.smallTables names ${name}, and neither the migrations nor their snapshot have such a table.`,
      file,
      ...(line === 0 ? {} : { line }),
      hint: 'Write it as the migrations do, with its schema unless that is public; or take it out.',
      docs: 'docs/findings.md#configunknown-table',
    };
  });
}
