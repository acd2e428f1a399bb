import { readFileSync } from 'node:fs';

/** The page of a rule as it comes with the package; null where it is not there. */
export function readRulePage(rule: string): string | null {
  // Installed it lies beside dist; in the repository where people look for it.
  for (const place of ['../docs/rules', '../../../docs/rules']) {
    try {
      return readFileSync(new URL(`${place}/${rule}.md`, import.meta.url), 'utf8');
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
  }
  return null;
}

/** What stands under a heading of a page, up to the next one of its kind. Pure. */
export function findSection(page: string, heading: string): string | null {
  const [, section] = new RegExp(`^## ${heading}\\n([\\s\\S]*?)(?=^## |$(?![\\s\\S]))`, 'm').exec(page) ?? [];
  return section?.trim() ?? null;
}
