import { describe, expect, it } from 'vitest';
import type { Comparison, MigrationState } from '../kernel/comparison.ts';
import type { Finding } from '../kernel/finding.ts';
import { DEFAULT_MIGRATE_SETTINGS, type MigrateSettings } from '../kernel/migrate-settings.ts';
import type { MigrationOnDisk } from '../kernel/migration.ts';
import type { PlanStep } from '../kernel/plan.ts';
import { planMigrate, selectMissing } from './plan-migrate.ts';
import { refuse } from './refuse.ts';

describe('what is missing', () => {
  it('is what is pending and what is a gap, in the order of the folder', () => {
    const found = selectMissing(comparison(['applied', 'gap', 'retimed', 'edited', 'pending']), settings());
    expect(found.map((m) => m.name)).toEqual(['m1', 'm4']);
  });

  it('ends with --to, and leaves out what follows', () => {
    expect(
      selectMissing(comparison(['pending', 'pending', 'pending']), settings({ to: 'm1' })).map((m) => m.name),
    ).toEqual(['m0', 'm1']);
  });

  it('is refused for a name nobody has, with the nearest', () => {
    expect(() => selectMissing(comparison(['pending']), settings({ to: 'm' }))).toThrow(
      '--to m: no migration has that name.',
    );
  });
});

describe('the plan', () => {
  it('refuses what makes going on unsafe, and only says the rest', () => {
    const findings = [
      found('ledger/edited', 'error'),
      found('ledger/stray', 'error'),
      found('ledger/gap', 'warning'),
      found('ledger/ahead', 'warning'),
      found('ledger/retimed', 'warning'),
      found('ledger/line-endings', 'warning'),
    ];
    const plan = planMigrate({
      comparison: comparison(['pending'], findings),
      steps: [],
      shaping: [],
      settings: settings(),
    });
    expect(plan.refusals.map((f) => f.code)).toEqual(['ledger/edited', 'ledger/stray']);
    expect(plan.findings.map((f) => f.code)).toEqual([
      'ledger/gap',
      'ledger/ahead',
      'ledger/retimed',
      'ledger/line-endings',
    ]);
  });

  it('refuses a duplicate row only when its content differs', () => {
    const findings = [found('ledger/duplicate', 'warning'), found('ledger/duplicate', 'error')];
    const plan = planMigrate({
      comparison: comparison([], findings),
      steps: [],
      shaping: [],
      settings: settings(),
    });
    expect(plan.refusals.map((f) => f.level)).toEqual(['error']);
  });

  it('refuses one stamp for two migrations while one of them is still to run, and not after', () => {
    const history = [{ ...found('history/duplicate-when', 'error'), migration: 'm0' }];
    const input = { comparison: comparison(['pending'], history), shaping: [], settings: settings() };
    expect(planMigrate({ ...input, steps: [step('m0')] }).refusals).toHaveLength(1);
    expect(planMigrate({ ...input, steps: [] }).refusals).toHaveLength(0);
  });

  it('overlooks exactly what --accept names', () => {
    const findings = [
      { ...found('ledger/edited', 'error'), migration: 'a' },
      { ...found('ledger/edited', 'error'), migration: 'b' },
    ];
    const accepting = (name: string | null) =>
      planMigrate({
        comparison: comparison([], findings),
        steps: [],
        shaping: [],
        settings: settings({ accept: [{ code: 'ledger/edited', name }] }),
      }).refusals.map((f) => f.migration);
    expect(accepting('a')).toEqual(['b']);
    expect(accepting('c')).toEqual(['a', 'b']);
    expect(accepting(null)).toEqual([]);
  });

  it('when refused becomes an error that names each place and the way to overlook it', () => {
    const plan = planMigrate({
      comparison: comparison([], [{ ...found('ledger/stray', 'error'), row: '7' }]),
      steps: [],
      shaping: [],
      settings: settings(),
    });
    expect(refuse(plan)).toMatchObject({
      code: 'history-refused',
      exitCode: 4,
      fields: { hint: expect.stringContaining('--accept ledger/stray:7') },
    });
  });
});

function settings(over: Partial<MigrateSettings> = {}): MigrateSettings {
  return { ...DEFAULT_MIGRATE_SETTINGS, ...over };
}

function found(code: string, level: Finding['level']): Finding {
  return { code, level, message: code, docs: '' };
}

function migration(name: string): MigrationOnDisk {
  return { name, when: 0, hash: '', sql: '', file: `/m/${name}.sql` };
}

function step(name: string): PlanStep {
  return { migration: migration(name), transaction: true, units: [] };
}

function comparison(states: readonly MigrationState[], findings: readonly Finding[] = []): Comparison {
  const migrations = states.map((state, index) => ({
    migration: migration(`m${index}`),
    state,
    row: null,
    stockDrizzle: 'applied' as const,
  }));
  const summary = { applied: 0, pending: 0, gap: 0, edited: 0, retimed: 0, stray: 0, ahead: 0, duplicate: 0 };
  return { migrations, strays: [], findings, summary };
}
