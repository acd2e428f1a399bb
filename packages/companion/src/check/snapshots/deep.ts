import { createHash } from 'node:crypto';
import type { Catalog } from '../../catalog/catalog.ts';
import { compareCatalogs } from '../../catalog/compare-catalogs.ts';
import type { CatalogDifference } from '../../catalog/difference.ts';
import type { History, Snapshot } from '../../folder/history.ts';
import { CompanionError } from '../../kernel/errors.ts';
import type { MigrationOnDisk } from '../../kernel/migration.ts';
import { type SnapshotDdl, writeDdl } from '../../kit/write-ddl.ts';
import { loadSqlParser, type SqlParser } from '../../sql/parser.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { nameSubject } from '../shadow/describe-part.ts';
import { type ReplayPlace, readMadeCatalog } from '../shadow/read-made-catalog.ts';
import { divideByDrizzle } from './deep-expressible.ts';
import { describeUntruth } from './deep-findings.ts';
import { createsSchema, layGround } from './deep-ground.ts';
import { isBeyondDrizzle } from './deep-wording.ts';
import { nameSnapshot } from './place-snapshot.ts';

/**
 * Does the newest snapshot declare what the SQL of all migrations makes? The SQL is replayed on one shadow, what
 * drizzle-kit would write of the snapshot on another, and the two databases are compared, as far as drizzle has words.
 */
export async function diagnoseDeep(
  history: History,
  directory: string,
  place: ReplayPlace,
): Promise<Diagnosis> {
  const { snapshots, migrations, faults } = history;
  const [first, ...rest] = snapshots ?? [];
  if (faults.length > 0 || snapshots === null) return unable('what cannot be read cannot be replayed');
  if (first === undefined) return unable('there is no snapshot to hold the SQL against');
  const newest = rest.at(-1) ?? first;
  const chain = upTo(newest, migrations);
  const parser = await loadSqlParser();
  const [writing, replaying] = await Promise.allSettled([
    askDdl(directory, [first, ...rest]),
    readMadeCatalog(chain, 'the migrations', place),
  ]);
  if (writing.status === 'rejected') throw writing.reason;
  if (replaying.status === 'rejected') throw replaying.reason;
  const [ddl, made] = [writing.value, replaying.value];
  if (typeof ddl === 'string') return unable(ddl);
  if (made.kind === 'none') return unable(made.reason);
  const ground = layGround(made.catalog, ddl.statements, parser);
  const written = [buildSnapshotMigration(ddl, ground.sql, newest, parser)];
  const declared = await readMadeCatalog(written, 'the newest snapshot', { ...place, withoutLedger: true });
  if (declared.kind === 'none') return unable(declared.reason);
  const expected = {
    ...declared.catalog,
    entities: declared.catalog.entities.filter((entity) => !ground.lays(entity)),
  };
  const compared = compare(expected, made.catalog, { newest, ddl, parser });
  return { ...compared, notes: [...compared.notes, ...noteBehind(migrations.slice(chain.length), newest)] };
}

/** What came after the newest snapshot it cannot know: that it has no snapshot is told apart. */
function upTo({ migration }: Snapshot, migrations: readonly MigrationOnDisk[]): readonly MigrationOnDisk[] {
  const at = migrations.findIndex(({ name }) => name === migration);
  return at < 0 ? migrations : migrations.slice(0, at + 1);
}

function noteBehind(behind: readonly MigrationOnDisk[], newest: Snapshot): readonly string[] {
  const [first, ...others] = behind;
  if (first === undefined) return [];
  const names = others.length === 0 ? `${first.name} has` : `${first.name} and ${others.length} more have`;
  return [`${names} no snapshot: the SQL was held against the newest one up to ${nameSnapshot(newest)}.`];
}

/** As text: why drizzle-kit cannot say it. */
async function askDdl(
  directory: string,
  snapshots: readonly [Snapshot, ...Snapshot[]],
): Promise<SnapshotDdl | string> {
  try {
    return await writeDdl(directory, snapshots);
  } catch (error) {
    if (!(error instanceof CompanionError) || error.code !== 'settings-invalid') throw error;
    return [error.message, error.fields.hint ?? ''].join(' ').trim();
  }
}

function buildSnapshotMigration(
  { statements }: SnapshotDdl,
  ground: string,
  snapshot: Snapshot,
  parser: SqlParser,
): MigrationOnDisk {
  const schemas = statements.filter((sql) => createsSchema(sql, parser));
  const others = statements.filter((sql) => !schemas.includes(sql));
  const sql = [...schemas, ...(ground === '' ? [] : [ground]), ...others].join(
    '\n--> statement-breakpoint\n',
  );
  return {
    name: `the SQL of ${nameSnapshot(snapshot)}'s snapshot`,
    when: 0,
    hash: createHash('sha256').update(sql).digest('hex'),
    sql,
    file: snapshot.file,
  };
}

type Compared = { readonly newest: Snapshot; readonly ddl: SnapshotDdl; readonly parser: SqlParser };

function compare(declared: Catalog, made: Catalog, { newest, ddl, parser }: Compared): Diagnosis {
  const { expressible, others } = divideByDrizzle(made);
  // The order of columns is that of the code; in a database it is that of their making.
  const differences = compareCatalogs(divideByDrizzle(declared).expressible, expressible, {
    parser,
    ignore: ['column order'],
  }).filter((difference) => !isNameless(difference, ddl));
  const isBeyond = (difference: CatalogDifference) =>
    isBeyondDrizzle(difference, parser) || isHomeOfOthers(difference, made, expressible);
  return {
    findings: describeUntruth(
      differences.filter((difference) => !isBeyond(difference)),
      newest.file,
    ),
    notChecked: [],
    notes: noteOthers([...differences.filter(isBeyond).map(nameSubject), ...others]),
  };
}

/** 0.31 knows no name of a key of one column, and so neither does its snapshot: a renamed table keeps the old one. */
function isNameless({ change, part, facts }: CatalogDifference, { kit }: SnapshotDdl): boolean {
  return (
    kit.major === 0 &&
    change === 'renamed' &&
    part?.kind === 'constraint' &&
    facts.length === 1 &&
    part.name.endsWith('_pkey')
  );
}

/** A schema for functions and the like alone: a drizzle schema has no use for it. */
function isHomeOfOthers(
  { kind, name, change }: CatalogDifference,
  made: Catalog,
  expressible: Catalog,
): boolean {
  if (kind !== 'schema' || change !== 'added') return false;
  const isIn = ({ schema }: { readonly schema: string | null }) => schema === name;
  return made.entities.some(isIn) && !expressible.entities.some(isIn);
}

/** How many are named. */
const NAMED = 6;

function noteOthers(names: readonly string[]): readonly string[] {
  if (names.length === 0) return [];
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
  return [
    `Drizzle has no words for what the SQL makes besides, and drizzle-kit generate leaves it alone: ${names.slice(0, NAMED).join(', ')}${more}.`,
  ];
}

function unable(reason: string): Diagnosis {
  return { findings: [], notChecked: [{ group: 'snapshots', reason: `(--deep) ${reason}` }], notes: [] };
}
