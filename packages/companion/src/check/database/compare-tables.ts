import type { Catalog } from '../../catalog/catalog.ts';
import type { NotChecked } from '../../kernel/check.ts';
import type { Finding } from '../../kernel/finding.ts';
import type { StatusReport } from '../../kernel/status.ts';
import type { CompanionSettings } from '../../settings/companion-config.ts';
import { loadSqlParser } from '../../sql/parser.ts';
import type { Diagnosis } from '../diagnosis.ts';
import { type ReplayPlace, readMadeCatalog } from '../shadow/read-made-catalog.ts';
import { type AppliedChain, chooseChain } from './choose-chain.ts';
import { describeDrift } from './describe-drift.ts';
import { describeSum } from './describe-sum.ts';
import { planPutBack } from './put-back/plan-put-back.ts';
import { type Live, readLive } from './read-live.ts';
import { settleDifferences } from './settle-differences.ts';
import { describeUnvalidated } from './unvalidated.ts';

export type CompareInput = {
  readonly companion: CompanionSettings;
  /** The database's URL, and where migrations are replayed. */
  readonly url: string;
  readonly place: () => Promise<ReplayPlace>;
  readonly signal?: AbortSignal;
};

/** What the comparison tells; where all of it is off, nothing is replayed for it. */
const CODES = ['database/added', 'database/missing', 'database/changed'];

/** Tables and the like as they are, held against what the applied migrations make on a shadow. */
export async function compareTables(status: StatusReport, input: CompareInput): Promise<Diagnosis> {
  const { companion, url, signal } = input;
  const isWanted = CODES.some((code) => companion.levels.get(code) !== 'off');
  const chain: AppliedChain = isWanted ? chooseChain(status, companion) : { kind: 'none' };
  const [living, making] = await Promise.allSettled([
    readLive({ url }, status.ledger, signal),
    chain.kind === 'chain' ? replay(chain.migrations, input) : null,
  ]);
  if (living.status === 'rejected') throw living.reason;
  if (making.status === 'rejected') throw making.reason;
  const [live, made] = [living.value, making.value];
  const catalog = typeof live.catalog === 'string' ? null : live.catalog;
  const known = made?.kind === 'catalog' ? made.catalog : null;
  const compared =
    catalog !== null && known !== null
      ? await compare(known, catalog, status)
      : { findings: [], live: catalog };
  return {
    findings: [
      // Under the names that are there, before those of the migrations come back.
      ...live.invalidIndexes,
      ...live.sequences.findings,
      ...compared.findings,
      ...(compared.live === null ? [] : describeUnvalidated(compared.live, known)),
    ],
    notChecked: [
      ...(chain.kind === 'unknown' ? tell(chain.reason) : []),
      ...(made?.kind === 'none' ? tell(made.reason) : []),
      ...(typeof live.catalog === 'string' ? tell(live.catalog) : []),
    ],
    notes: [...noteNothing(chain, isWanted), ...noteUnseen(live)],
  };
}

function replay(chain: Parameters<typeof readMadeCatalog>[0], { place }: CompareInput) {
  return place().then((where) => readMadeCatalog(chain, 'what is applied', where));
}

/** And the database under the names that the migrations give. */
async function compare(
  made: Catalog,
  actual: Catalog,
  { ledger }: StatusReport,
): Promise<{ readonly findings: readonly Finding[]; readonly live: Catalog }> {
  const parser = await loadSqlParser();
  const { told, went, sums, live } = settleDifferences(made, actual, { parser, ledger });
  const planned = planPutBack(told, went, { made, live, parser });
  return { findings: [...planned.map(describeDrift), ...sums.map(describeSum)], live };
}

function tell(reason: string): readonly NotChecked[] {
  return [{ group: 'database', reason }];
}

function noteNothing(chain: AppliedChain, isWanted: boolean): readonly string[] {
  if (!isWanted)
    return ['Tables were not compared with the migrations: the config switches off all that could be found.'];
  return chain.kind === 'none'
    ? ['No migration is applied: there is nothing that tables could be compared with.']
    : [];
}

function noteUnseen({ sequences: { unseen } }: Live): readonly string[] {
  if (unseen.length === 0) return [];
  const more = unseen.length > 5 ? ` and ${unseen.length - 5} more` : '';
  return [
    `Whether sequences are behind was not looked at for ${unseen.slice(0, 5).join(', ')}${more}: it may not be read, or not within a second.`,
  ];
}
