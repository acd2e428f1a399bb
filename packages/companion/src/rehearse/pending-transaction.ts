import { quoteIdentifier, quoteLiteral } from '../sql/quote.ts';
import type { SessionState, Settings } from './session-state.ts';
import type { TransactionEffect } from './transaction-effects.ts';

/** What goes on in the session from one transaction of a run to the next. */
export type SessionKeeps = {
  readonly settings: Settings;
  /** Temporary tables that each COMMIT empties. */
  readonly emptied: ReadonlySet<string>;
};

/** The same, as a COMMIT of the transaction at hand would leave it; and what it would drop. */
export type PendingTransaction = SessionKeeps & {
  /** Settings that it has made for the session. */
  readonly made: ReadonlySet<string>;
  readonly dropped: ReadonlySet<string>;
};

export function beginTransaction(keeps: SessionKeeps): PendingTransaction {
  return { ...keeps, made: new Set(), dropped: new Set() };
}

/** Is the state of the session needed to know what the effects leave? Pure. */
export function changesSession(effects: readonly TransactionEffect[]): boolean {
  return effects.some(
    (effect) =>
      effect.kind === 'rollback-to-savepoint' || (effect.kind === 'setting' && effect.until !== 'commit'),
  );
}

/** @param now the settings after the statement that has these effects. Pure. */
export function addEffects(
  pending: PendingTransaction,
  effects: readonly TransactionEffect[],
  now: Settings,
): PendingTransaction {
  return effects.reduce((before, effect): PendingTransaction => {
    if (effect.kind === 'temporary-table') return addTable(before, effect);
    if (effect.kind === 'rollback-to-savepoint') return addSettings(before, [...before.made], now);
    if (effect.until === 'commit') return before;
    return addSettings(before, effect.name === null ? [...now.keys()] : [effect.name], now);
  }, pending);
}

function addSettings(
  pending: PendingTransaction,
  names: readonly string[],
  now: Settings,
): PendingTransaction {
  const settings = new Map(pending.settings);
  for (const name of names) settings.set(name, now.get(name) ?? '');
  return { ...pending, settings, made: new Set([...pending.made, ...names]) };
}

function addTable(
  { emptied, dropped, ...pending }: PendingTransaction,
  { name, onCommit }: Extract<TransactionEffect, { kind: 'temporary-table' }>,
): PendingTransaction {
  const others = (names: ReadonlySet<string>) => [...names].filter((one) => one !== name);
  return {
    ...pending,
    emptied: new Set([...others(emptied), ...(onCommit === 'empty' ? [name] : [])]),
    dropped: new Set([...others(dropped), ...(onCommit === 'drop' ? [name] : [])]),
  };
}

/** Does in the midst of a transaction what a COMMIT does for the session. Pure. */
export function buildEndSql(pending: PendingTransaction, state: SessionState): readonly string[] {
  const restored = [...pending.settings]
    .filter(([name, value]) => (state.settings.get(name) ?? value) !== value)
    .toSorted(([a], [b]) => RIGHTS_FIRST.indexOf(b) - RIGHTS_FIRST.indexOf(a))
    .map(([name, value]) => `pg_catalog.set_config(${quoteLiteral(name)}, ${quoteLiteral(value)}, true)`);
  const there = (names: ReadonlySet<string>) =>
    state.temporaryTables.filter((name) => names.has(name)).map((name) => `pg_temp.${quoteIdentifier(name)}`);
  const [dropped, emptied] = [there(pending.dropped), there(pending.emptied)];
  return [
    ...(restored.length > 0 ? [`SELECT ${restored.join(', ')}`] : []),
    ...state.cursors.map((name) => `CLOSE ${quoteIdentifier(name)}`),
    ...(dropped.length > 0 ? [`DROP TABLE ${dropped.join(', ')} CASCADE`] : []),
    ...(emptied.length > 0 ? [`TRUNCATE ${emptied.join(', ')}`] : []),
  ];
}

/** The last first. Whoever another role has set something for may not be allowed to set it back; to become who one was, is. */
const RIGHTS_FIRST = ['role', 'session_authorization'];
