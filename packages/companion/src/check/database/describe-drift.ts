import type { CatalogDifference } from '../../catalog/difference.ts';
import type { Finding, FindingLevel } from '../../kernel/finding.ts';
import { describeFacts, nameSubject, quoteDefinition } from '../shadow/describe-part.ts';
import { advise } from './advise.ts';
import { describeCounts } from './describe-counts.ts';
import type { PlannedPutBack } from './put-back/plan-put-back.ts';
import type { SettledDifference } from './settle-differences.ts';

/** One finding for one thing that was done to a database by hand, and what undoes it. Pure. */
export function describeDrift({ difference, statements }: PlannedPutBack): Finding {
  const advice = advise(difference, statements);
  const describe = (name: string, level: FindingLevel, message: string): Finding => ({
    code: `database/${name}`,
    level,
    message: `${nameSubject(difference)}: ${message}`,
    ...advice,
    docs: `docs/findings.md#database${name}`,
  });
  switch (difference.change) {
    case 'added':
      return describe('added', levelOfAdded(difference), describeAdded(difference));
    case 'missing':
      return describe(
        'missing',
        'error',
        `the migrations make it, and it is not there${quoteDefinition(difference)}`,
      );
    case 'renamed':
      return describe('changed', 'error', `is called ${nameActual(difference)} in the database`);
    case 'changed':
      return describe('changed', levelOfChanged(difference), describeFacts(difference.facts));
  }
}

/** Made by whoever runs the server, for themselves: to monitor, to replicate, to audit. */
const OF_THE_SERVER = new Set(['extension', 'publication', 'event trigger']);

/** An index made by hand in an hour of need is common, and breaks nothing today. */
function levelOfAdded({ kind, part }: CatalogDifference): FindingLevel {
  return part === null && OF_THE_SERVER.has(kind) ? 'info' : 'warning';
}

/** What changes no answer of the database's. */
const TOLD_ASIDE = new Set(['comment', 'index comment', 'column order']);
/** Set for one database's size and load, and the roles of one server. */
const TUNING = new Set([
  'storage',
  'compression',
  'statistics target',
  'target',
  'options',
  'toast options',
  'access method',
  'clustered',
  'cache',
  'granted',
  'privileges',
]);
/** Somebody validated what the migrations leave so. */
const BETTER = new Set(['not validated', 'not null not validated']);

function levelOfChanged({ facts, part, kind }: CatalogDifference): FindingLevel {
  const isWithin = (set: ReadonlySet<string>) => facts.every(({ fact }) => set.has(fact));
  if (isWithin(TOLD_ASIDE)) return 'info';
  // Options of a view are its security.
  const isTuned = kind !== 'view' && isWithin(new Set([...TOLD_ASIDE, ...TUNING, ...BETTER]));
  return isTuned && part?.kind !== 'policy' ? 'warning' : 'error';
}

function describeAdded(difference: SettledDifference): string {
  const within = difference.holds.size === 0 ? '' : `, with ${describeCounts(difference.holds)} in it`;
  return `no migration makes it${within}${quoteDefinition(difference)}`;
}

function nameActual({ facts }: CatalogDifference): string {
  const [name, schema] = ['name', 'schema'].map((what) => facts.find(({ fact }) => fact === what)?.actual);
  return schema == null ? `${name}` : `${schema}.${name}`;
}
