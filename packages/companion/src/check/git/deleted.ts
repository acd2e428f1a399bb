import type { GitCheck } from './git-check.ts';
import { SQUASH_SENTINEL } from './lift-squashed.ts';
import { restoreCommand } from './restore-command.ts';

/** A database that has run it keeps what it did, and its row; a new one will never have it. */
export const deleted: GitCheck = {
  code: 'git/deleted',
  diagnose: (comparison) =>
    comparison.deleted.map(({ before, place }) => ({
      level: 'error',
      message: `${before.name} is on ${comparison.base} and is gone here: databases that have run it keep its effects and a row without a file, and new ones will never get them.`,
      migration: before.name,
      ...place,
      hint: `Undo what it did by a new migration, and restore it${
        comparison.layout === 'journal' ? ', with its journal entry' : ''
      }. To replace the whole history on purpose, say \`${SQUASH_SENTINEL}\` in a commit message of this branch.`,
      fix: restoreCommand(comparison, before.file),
    })),
};
