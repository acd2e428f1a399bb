import type { CatalogDifference } from '../../catalog/difference.ts';
import type { Finding, Rewrite } from '../../kernel/finding.ts';
import { nameSubject } from '../shadow/describe-part.ts';
import { describeCounts } from './describe-counts.ts';
import { renameSql } from './put-back/rename-sql.ts';
import { nameEntity } from './put-back/sql-names.ts';
import { toDifference } from './renames/describe-renames.ts';
import type { SettledDifference } from './settle-differences.ts';

type Advice = Pick<Finding, 'hint' | 'rewrite'>;

/** What to do about something that was done by hand, and what that costs on a table in use; the statements stand apart. Pure. */
export function advise(difference: SettledDifference, statements: readonly string[] | null): Advice {
  const rewrite = statements === null ? {} : { rewrite: [{ sql: statements.join('\n') }] };
  if (difference.maybe.length > 0) return adviseOnDoubt(difference);
  switch (difference.change) {
    case 'added':
      return { hint: adviseOnAdded(difference, statements), ...rewrite };
    case 'missing':
      return { hint: adviseOnMissing(difference, statements), ...rewrite };
    case 'renamed':
      return {
        hint: 'A later migration looks for it by the name of the migrations, and fails. Rename it back:',
        ...rewrite,
      };
    case 'changed':
      return adviseOnChanged(difference, statements);
  }
}

/** Whoever drops the one and makes the other loses what is in it. */
function adviseOnDoubt({ change, maybe }: SettledDifference): Advice {
  const renames = new Map(maybe.map((doubt) => [JSON.stringify(doubt), toDifference(doubt)]));
  const rewrite = [...renames.values()].map((rename): Rewrite => {
    const actual = rename.facts.find(({ fact }) => fact === 'name')?.actual ?? '';
    const other = change === 'added' ? nameSubject(rename) : `${rename.part?.kind ?? rename.kind} ${actual}`;
    return {
      title: `if ${other} is it, under ${change === 'added' ? 'its old' : 'a new'} name`,
      sql: renameSql(rename).join('\n'),
    };
  });
  const hint =
    change === 'added'
      ? 'Something is missing that may be this: or was it renamed? Look what is in it before anything is dropped. If it is new, and is to stay, it belongs into a migration that does nothing where it is there (IF NOT EXISTS).'
      : 'Something was added that may be this: or was it renamed? Look what is in that before this is made again. A later migration that builds on it fails here.';
  return { hint, rewrite };
}

function adviseOnAdded(difference: SettledDifference, statements: readonly string[] | null): string {
  const { kind, part, holds } = difference;
  const stay =
    part?.kind === 'privilege'
      ? 'To stay, it belongs into a migration: no other database has it.'
      : 'To stay, it belongs into a migration that does nothing where it is there (IF NOT EXISTS): no other database has it.';
  const isSchema = kind === 'schema' && part === null;
  if (statements === null)
    return isSchema && holds.size > 0
      ? `${stay} Or take it away by hand: things that stay stand on what is in it, and CASCADE would take them, too.`
      : `${stay} Or take it back by hand.`;
  if (part?.kind === 'privilege') return `${stay} Or take it back:`;
  if (isSchema && holds.size > 0)
    return `${stay} Or take it away, with all that is in it: CASCADE drops ${describeCounts(holds)}, and the rows:`;
  const stores = part?.kind === 'column' || (part === null && ['table', 'sequence'].includes(kind));
  return `${stay} Or take it away${stores ? ', with what is stored in it' : ''}:`;
}

function adviseOnMissing(difference: SettledDifference, statements: readonly string[] | null): string {
  const away =
    'A later migration that builds on it fails here. To stay away, it is dropped by a migration with IF EXISTS, for all databases.';
  if (statements === null) return `${away} Or make it again by hand, as the migrations do.`;
  return [away, ...warn(difference, statements), 'Or make it again:'].join(' ');
}

function adviseOnChanged(difference: SettledDifference, statements: readonly string[] | null): Advice {
  const rewrite = statements === null ? {} : { rewrite: [{ sql: statements.join('\n') }] };
  const { facts } = difference;
  if (
    facts.some(({ fact, actual }) => fact === 'watched' && (actual === 'never' || actual === 'on replicas'))
  )
    return {
      hint: 'Somebody ran DISABLE TRIGGER, as some load data, and whatever comes in is not held against it. Rows that break it may be there: look for them. Then, as a superuser:',
      ...rewrite,
    };
  const added = addedValues(difference);
  if (added.length > 0)
    return {
      hint: 'PostgreSQL drops no value of an enum. Write a migration, so that every database has it:',
      rewrite: [{ title: 'in a migration', sql: added.join('\n') }],
    };
  const isArrow = facts.some(({ expected, actual }) => expected !== null && actual !== null);
  const reading = isArrow ? ['The arrow goes from what the migrations make to what is here.'] : [];
  if (statements === null)
    return {
      hint: [
        'Change it back by hand, or write the change into a migration, for all databases.',
        ...reading,
      ].join(' '),
    };
  const hint = [
    'To stay, the change belongs into a migration, for all databases.',
    ...reading,
    ...warn(difference, statements),
  ];
  return { hint: [...hint, 'Or change it back:'].join(' '), ...rewrite };
}

/** Those that somebody added, and nothing else was done. */
function addedValues(difference: CatalogDifference): readonly string[] {
  const { expected, actual } = difference.facts.find(({ fact }) => fact === 'values') ?? {};
  const [wanted, there] = [(expected ?? '').split(', '), (actual ?? '').split(', ')];
  const isKept = wanted.every((value) => there.includes(value));
  if (difference.kind !== 'enum' || !isKept) return [];
  return there.flatMap((value, at) => {
    const [before, next] = [there[at - 1], there[at + 1]];
    if (wanted.includes(value)) return [];
    const place = before !== undefined ? (next === undefined ? '' : ` AFTER ${before}`) : ` BEFORE ${next}`;
    return [`ALTER TYPE ${nameEntity(difference)} ADD VALUE IF NOT EXISTS ${value}${place};`];
  });
}

/** What the statements cost, or may meet. */
function warn({ change, part, facts }: CatalogDifference, statements: readonly string[]): readonly string[] {
  const told = (...names: readonly string[]) => facts.some(({ fact }) => names.includes(fact));
  const sql = statements.join('\n');
  const isKey =
    sql.includes('UNIQUE INDEX') || (sql.includes(' ADD CONSTRAINT') && !sql.includes('VALIDATE'));
  return [
    ...(change === 'missing' && part?.kind === 'column' ? ['What was in it is lost.'] : []),
    ...(change === 'missing' &&
    part?.kind === 'column' &&
    statements.length > 1 &&
    sql.includes('SET NOT NULL')
      ? ['Give the rows that are there a value before its NOT NULL.']
      : []),
    ...(change === 'changed' && told('type', 'collation')
      ? [
          'Another type mostly writes the whole table and its indexes anew, while everybody waits, and fails on a value that does not fit.',
        ]
      : []),
    ...(change === 'changed' && told('unlogged')
      ? ['It writes the whole table anew, while everybody waits.']
      : []),
    ...(sql.includes('VALIDATE CONSTRAINT')
      ? ['VALIDATE reads all rows while others write, and fails on one that breaks it: mend those first.']
      : []),
    ...(isKey ? ['It fails where two rows have one key.'] : []),
    ...(change === 'changed' && part?.kind === 'index' && told('definition')
      ? ['Between the two statements there is no such index.']
      : []),
  ];
}
