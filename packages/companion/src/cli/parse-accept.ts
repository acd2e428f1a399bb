import type { MigrateSettings } from '../kernel/migrate-settings.ts';
import { buildFaultsError, hasFaults } from '../settings/fault.ts';

const FORM = /^([a-z]+\/[a-z][a-z-]*)(?::(.+))?$/;

/**
 * `--accept ledger/edited:0007_groups`: a finding's code, and the migration or ledger row it is about.
 * @throws CompanionError `usage-invalid`.
 */
export function parseAccept(texts: readonly string[]): MigrateSettings['accept'] {
  const faults = texts
    .filter((text) => !FORM.test(text))
    .map((text) => ({
      source: '--accept',
      message: `${JSON.stringify(text)} is not code or code:name`,
      hint: 'A code looks like ledger/edited, a name like 0007_groups.',
    }));
  if (hasFaults(faults)) throw buildFaultsError({ code: 'usage-invalid', faults });
  return texts.map((text) => {
    const [, code = '', name] = FORM.exec(text) ?? [];
    return { code, name: name ?? null };
  });
}
