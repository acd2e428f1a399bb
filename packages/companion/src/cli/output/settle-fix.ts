import { PLANNED_COMMANDS } from '../planned-commands.ts';

type Told = { readonly code?: string; readonly hint?: string | undefined; readonly fix?: string | undefined };

/** What is told without a command that is not there yet: what to do by hand stands in the hint instead. Pure. */
export function settleFix<T extends Told>(told: T): T {
  const [, name = ''] = /^drizzle-companion (\S+)/.exec(told.fix ?? '') ?? [];
  const byHand = PLANNED_COMMANDS[name];
  if (byHand === undefined) return told;
  const { fix: _, ...rest } = told;
  // A file is mended as its own hint says; the pages are about the ledger.
  const isOfFiles = /^(history|snapshots)\//.test(told.code ?? '');
  const hints = [told.hint, isOfFiles && told.hint !== undefined ? undefined : byHand];
  return { ...rest, hint: hints.filter((hint) => hint !== undefined).join(' ') } as T;
}
