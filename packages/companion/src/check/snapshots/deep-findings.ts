import type { CatalogDifference } from '../../catalog/difference.ts';
import type { Finding } from '../../kernel/finding.ts';
import { describeFacts, nameSubject, quoteDefinition } from '../shadow/describe-part.ts';

/** Differences between what a snapshot declares and what the SQL makes: one finding for each thing and each direction. Pure. */
export function describeUntruth(
  differences: readonly CatalogDifference[],
  snapshotFile: string,
): readonly Finding[] {
  const groups = new Map<string, CatalogDifference[]>();
  for (const difference of differences) {
    const { kind, schema, name, change } = difference;
    const key = JSON.stringify([kind, schema, name, change === 'added']);
    groups.set(key, [...(groups.get(key) ?? []), difference]);
  }
  return [...groups.values()].map((group) => describe(group, snapshotFile));
}

function describe(group: readonly CatalogDifference[], file: string): Finding {
  const [first] = group;
  if (first === undefined) throw new Error('A group has a difference.');
  const subject = nameSubject({ ...first, part: null });
  const isUnknown = first.change === 'added';
  const code = isUnknown ? 'unknown' : 'untrue';
  return {
    code: `snapshots/${code}`,
    level: 'error',
    message: `${subject}: ${group.map(sayOne).join('; ')}`,
    file,
    hint: isUnknown ? ADVICE_ON_UNKNOWN : adviseOnUntrue(group),
    docs: `docs/findings.md#snapshots${code}`,
  };
}

function sayOne(difference: CatalogDifference): string {
  const { part, change, facts } = difference;
  const definition = quoteDefinition(difference);
  const name = part === null ? null : `${part.kind} ${part.name}`;
  switch (change) {
    case 'added':
      return `${name === null ? 'the SQL makes it' : `${name} is made by the SQL`}, and the newest snapshot does not know it${definition}`;
    case 'missing':
      return `${name === null ? 'the newest snapshot has it' : `${name} is in the newest snapshot`}, and the SQL does not make it${definition}`;
    case 'renamed':
      return `${name ?? 'it'} is called ${facts[0]?.actual} by the SQL`;
    case 'changed':
      return `${name === null ? '' : `${name}: `}${describeFacts(facts)}`;
  }
}

const ADVICE_ON_UNKNOWN =
  "drizzle-kit generate never drops or changes it, and makes it a second time when the schema code comes to declare it. Declare it and generate: empty the new migration's SQL, and keep its snapshot.";

function adviseOnUntrue(group: readonly CatalogDifference[]): string {
  if (group.every(({ change }) => change === 'missing'))
    return 'drizzle-kit generate takes it for there, and will write SQL that builds on it or drops it, and fails. Write a migration that makes it (drizzle-kit generate --custom), or take it out of the schema code and empty the SQL of the migration that drops it.';
  return 'Before the arrow stands what the snapshot says, behind it what the SQL makes: drizzle-kit generate starts from what is not so. Write a migration that makes the SQL true (drizzle-kit generate --custom), or change the schema code to what is there and empty the SQL that generate then writes.';
}
