import type { BaseComparison, Pair } from './base-comparison.ts';
import type { GitCheck } from './git-check.ts';

/** 1.x knows a migration by its name; 0.x by its place in time, which a new name mostly comes with. */
export const renamed: GitCheck = {
  code: 'git/renamed',
  diagnose: ({ renamed, base, layout }) =>
    renamed.map((pair) => {
      const { before, after } = pair;
      const edited = before.sql === after.sql ? '' : ' Its SQL was changed, too.';
      const name = layout === 'folders' ? 'the folder' : 'the file, and the `tag` in the journal';
      return {
        level: 'error',
        message: `${before.name} is on ${base} and was renamed here, to ${after.name}: ${describeConsequence(pair, layout)}.${edited}`,
        migration: after.name,
        ...after.place,
        hint: `Give it its name back, ${before.name}: ${name}${
          before.when === after.when || layout === 'folders' ? '' : `; and its \`when\`, ${before.when}`
        }.`,
      };
    }),
};

function describeConsequence({ before, after }: Pair, layout: BaseComparison['layout']): string {
  if (layout === 'folders') {
    return `stock drizzle 1.x goes by name, and will run it again on any database that has ${before.name}`;
  }
  if (after.when > before.when) {
    return `its \`when\` is newer now, so that stock drizzle 0.x will run it again on any database whose newest row is older than that`;
  }
  return 'stock drizzle 0.x does not look at names, but 1.x does, and drizzle-kit finds the snapshot by the number in the name';
}
