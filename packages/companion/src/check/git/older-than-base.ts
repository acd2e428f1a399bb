import type { BaseComparison } from './base-comparison.ts';
import type { GitCheck } from './git-check.ts';

/** Two branches, two migrations: the one that is merged last must be the newest, whenever it was made. */
export const olderThanBase: GitCheck = {
  code: 'git/older-than-base',
  diagnose: ({ added, newest, base, layout }) =>
    newest === null
      ? []
      : added
          .filter(({ when }) => when <= newest.when)
          .map(({ name, place }) => ({
            level: 'error',
            message: `${name} is new here, and not newer than ${newest.name} on ${base}: ${describeConsequence(layout, newest.name)}.`,
            migration: name,
            ...place,
            hint: `Merge or rebase onto ${base}, delete ${name}${
              layout === 'journal' ? ' with its snapshot and its journal entry' : ''
            }, and generate it anew on top. SQL written by hand: keep it, and put it into what \`drizzle-kit generate --custom\` makes.`,
            fix: 'drizzle-kit generate',
          })),
};

function describeConsequence(layout: BaseComparison['layout'], newest: string): string {
  return layout === 'journal'
    ? `stock drizzle will skip it on any database that has ${newest}, and print success`
    : `it will run after ${newest} on databases that have that, and before it on new ones`;
}
