import { posix, relative, sep } from 'node:path';
import type { ComparedMigration, Comparison } from '../kernel/comparison.ts';
import { CompanionError } from '../kernel/errors.ts';
import type { Finding } from '../kernel/finding.ts';
import type { MigrationOnDisk } from '../kernel/migration.ts';
import type { From } from './read-from.ts';

export type FromComparison = {
  /** What runs first: all that the commit has; where it went on meanwhile, what it had when the branch left it. */
  readonly base: readonly MigrationOnDisk[];
  /** The folder, held against a database that has run these. */
  readonly compared: Comparison;
  readonly findings: readonly Finding[];
};

/** The folder held against a database that has run some migrations; a row's `id` is the migration's number among them, from 1. */
type Compare = (base: readonly MigrationOnDisk[]) => Comparison;

/**
 * Chooses what runs before the branch's own migrations, and tells what the branch did to it, in words of git: there is no
 * database whose ledger one could look into. Pure.
 * @throws CompanionError `usage-invalid` when the commit has what the branch lacks, and where they parted cannot be told.
 */
export function compareWithFrom(from: From, compare: Compare): FromComparison {
  const all = compare(from.migrations);
  const unknown = listUnclaimed(all, from.migrations);
  const had = new Set(from.fork?.map(({ name }) => name));
  const later = unknown.filter(({ name }) => !had.has(name));
  if (later.length === 0) {
    return { base: from.migrations, compared: all, findings: describe(from, all, from.migrations) };
  }
  if (from.fork === null) throw cannotTellFork(from, later);
  const compared = compare(from.fork);
  const findings = [describeBehind(from, later), ...describe(from, compared, from.fork)];
  return { base: from.fork, compared, findings };
}

/** Migrations of the base that none of the folder's is. */
function listUnclaimed({ strays }: Comparison, base: readonly MigrationOnDisk[]): readonly MigrationOnDisk[] {
  return strays
    .filter(({ state }) => state !== 'duplicate')
    .flatMap(({ row }) => base[Number(row.id) - 1] ?? []);
}

function describe(from: From, compared: Comparison, base: readonly MigrationOnDisk[]): readonly Finding[] {
  return [
    ...listUnclaimed(compared, base).map((migration) => describeDeleted(from, migration)),
    ...compared.migrations.flatMap((one) => describeChange(from, one)),
  ];
}

function describeDeleted(from: From, { name, file }: MigrationOnDisk): Finding {
  return {
    code: 'git/deleted',
    level: 'error',
    message: `${name} is on ${from.name} and is gone here: databases that have run it keep what it did, and new ones will never get it.`,
    migration: name,
    hint: 'Restore it, with its journal entry if it had one, and undo what it did by a new migration.',
    fix: `git restore --source=${from.name} --staged --worktree -- ${pathspec(from, file)}`,
    docs: 'docs/findings.md#gitdeleted',
  };
}

function describeChange(
  from: From,
  { migration: { name, file, hash, when }, state, row, stockDrizzle }: ComparedMigration,
): readonly Finding[] {
  const at = { migration: name, file, line: 1, docs: 'docs/findings.md#gitedited' };
  const fix = `git diff ${from.name} -- ${pathspec(from, file)}`;
  if (state === 'edited') {
    return [
      {
        code: 'git/edited',
        level: 'error',
        message: `${name} differs from ${from.name}: databases that have run it there will never run the change, and \`migrate\` refuses on them.`,
        ...at,
        hint: `Put the change into a new migration, and the file back as it is on ${from.name}.`,
        fix,
      },
    ];
  }
  if (state === 'retimed') {
    const stock = stockDrizzle === 'would-apply' ? 'runs it a second time' : 'may see it otherwise';
    return [
      {
        code: 'git/edited',
        level: 'warning',
        message: `${name} has another \`when\` on ${from.name}: ${row?.createdAt}, and ${when} here. Stock drizzle ${stock} on databases that have it.`,
        ...at,
        hint: `Put back ${row?.createdAt}. An entry that others have stays as it is.`,
      },
    ];
  }
  if (state === 'gap') {
    const stock = stockDrizzle === 'would-skip' ? ' Stock drizzle skips it there in silence.' : '';
    return [
      {
        code: 'git/older-than-base',
        level: 'warning',
        message: `${name} is new here, and older than what databases with ${from.name} have.${stock}`,
        ...at,
        hint: `Delete ${name}, and generate it anew on top of ${from.name}.`,
        docs: 'docs/findings.md#gitolder-than-base',
      },
    ];
  }
  if (row === null || row.hash === hash) return [];
  return [
    {
      code: 'git/edited',
      level: 'warning',
      message: `${name} is on ${from.name} with other line endings; its statements are the same.`,
      ...at,
      hint: 'Put `*.sql text eol=lf` into .gitattributes, so that the hash is the same on every machine.',
    },
  ];
}

function describeBehind({ name }: From, later: readonly MigrationOnDisk[]): Finding {
  return {
    code: 'plan/behind',
    level: 'warning',
    message: `${name} has gone on with ${list(later)} since this branch left it. This rehearsal begins where they parted, and does not see ${later.length === 1 ? 'it' : 'them'}.`,
    hint: `Where this branch is deployed, ${later.length === 1 ? 'it has' : 'they have'} run before. Merge or rebase, and rehearse again.`,
    fix: `git merge ${name}`,
    docs: 'docs/findings.md#planbehind',
  };
}

function cannotTellFork({ name }: From, later: readonly MigrationOnDisk[]): CompanionError {
  return new CompanionError('usage-invalid', {
    message: `--from ${name}: it has ${list(later)}, which this branch lacks, and git cannot tell where they parted.`,
    hint: `Merge or rebase, to rehearse with what ${name} has. In CI the checkout may be shallow: fetch the whole history (actions/checkout with fetch-depth: 0).`,
  });
}

const NAMED = 3;

function list(migrations: readonly MigrationOnDisk[]): string {
  const names = migrations.slice(0, NAMED).map(({ name }) => name);
  const more = migrations.length - names.length;
  if (more > 0) return `${names.join(', ')} and ${more} more`;
  return names.length === 1 ? names.join() : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** From the repository's top, whatever directory the command is typed in. */
function pathspec({ path, directory }: From, file: string): string {
  const spec = `:/${posix.join(path, relative(directory, file).split(sep).join('/'))}`;
  return /^[\w./:@+-]+$/.test(spec) ? spec : `'${spec.replaceAll("'", "'\\''")}'`;
}
