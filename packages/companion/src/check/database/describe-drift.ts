import type { CatalogDifference } from '../../catalog/difference.ts';
import type { Finding, FindingLevel } from '../../kernel/finding.ts';
import { quoteIdentifier, quoteQualified } from '../../sql/quote.ts';
import { describeFacts, nameSubject, quoteDefinition } from '../shadow/describe-part.ts';
import { describeCounts } from './describe-counts.ts';
import type { SettledDifference } from './settle-differences.ts';
import { undoSql } from './undo-sql.ts';

/** One finding for one thing that was done to a database by hand. Pure. */
export function describeDrift(difference: SettledDifference): Finding {
  switch (difference.change) {
    case 'added':
      return finding('added', levelOfAdded(difference), describeAdded(difference), adviseOnAdded(difference));
    case 'missing':
      return finding(
        'missing',
        'error',
        `${nameSubject(difference)}: the migrations make it, and it is not there${quoteDefinition(difference)}`,
        adviseOnMissing(difference),
      );
    case 'renamed':
    case 'changed': {
      const said = withUsual(difference);
      return finding('changed', levelOfChanged(said), describeChanged(said), adviseOnChanged(said));
    }
  }
}

/** When a trigger fires, or a constraint is watched by its triggers: nothing is said of it where it is as usual. */
const MODES = new Set(['enabled', 'watched']);

function withUsual<T extends CatalogDifference>(difference: T): T {
  const facts = difference.facts.map(({ fact, expected, actual }) =>
    MODES.has(fact)
      ? { fact, expected: expected ?? 'as usual', actual: actual ?? 'as usual' }
      : { fact, expected, actual },
  );
  return { ...difference, facts };
}

function finding(name: string, level: FindingLevel, message: string, hint: string): Finding {
  return { code: `database/${name}`, level, message, hint, docs: `docs/findings.md#database${name}` };
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
  return `${nameSubject(difference)}: no migration makes it${within}${quoteDefinition(difference)}`;
}

function describeChanged(difference: CatalogDifference): string {
  const subject = nameSubject(difference);
  return difference.change === 'renamed'
    ? `${subject}: is called ${difference.facts[0]?.actual} here`
    : `${subject}: ${describeFacts(difference.facts)}`;
}

function adviseOnAdded(difference: SettledDifference): string {
  const undo = undoSql(difference);
  const { kind, part } = difference;
  const losesRows = part?.kind === 'column' || (part === null && (kind === 'table' || kind === 'schema'));
  const loss = losesRows ? ', with what is stored in it' : '';
  const back = undo === null ? 'Or take it back by hand.' : `Or take it away${loss}: ${undo}`;
  return `To stay, it belongs into a migration that does nothing where it is there (IF NOT EXISTS): no other database has it. ${back}`;
}

function adviseOnMissing({ part, schema, name, facts }: CatalogDifference): string {
  const remade = part === null ? null : remakeSql({ part, schema, name, facts });
  const how =
    remade === null ? 'Make it again by hand, as the migrations do.' : `Make it again by hand: ${remade};`;
  return `${how} Or write a migration that drops it with IF EXISTS, for all databases. A later migration that builds on it fails here.`;
}

function remakeSql({
  part,
  schema,
  name,
  facts,
}: Pick<CatalogDifference, 'schema' | 'name' | 'facts'> & {
  readonly part: NonNullable<CatalogDifference['part']>;
}): string | null {
  const definition = facts.find(({ fact }) => fact === 'definition')?.expected ?? null;
  if (definition === null || definition.includes('\n')) return null;
  if (part.kind === 'constraint')
    return `ALTER TABLE ${quoteQualified(schema, name)} ADD CONSTRAINT ${quoteIdentifier(part.name)} ${definition}`;
  return part.kind === 'index' || part.kind === 'trigger' || part.kind === 'rule' ? definition : null;
}

function adviseOnChanged({ change, part, schema, name, facts }: CatalogDifference): string {
  if (
    facts.some(({ fact, actual }) => fact === 'watched' && (actual === 'never' || actual === 'on replicas'))
  )
    return `Somebody ran DISABLE TRIGGER, as some load data, and whatever comes in is not held against it. Rows that break it may be there: look for them. Then, and for a foreign key on the table that it points to as well: ALTER TABLE ${quoteQualified(schema, name)} ENABLE TRIGGER ALL;`;
  const actual = facts[0]?.actual ?? '';
  if (change === 'renamed' && part?.kind === 'index')
    return `A later migration drops it by the name of the migrations, and fails: ALTER INDEX ${quoteQualified(schema, actual)} RENAME TO ${quoteIdentifier(part.name)};`;
  if (change === 'renamed')
    return 'A later migration drops it by the name of the migrations, and fails. Rename it back by hand.';
  const isArrow = facts.some(({ expected, actual: now }) => expected !== null && now !== null);
  const reading = isArrow ? ' The arrow goes from what the migrations make to what is here.' : '';
  return `Change it back by hand, or write the change into a migration, for all databases.${reading}`;
}
