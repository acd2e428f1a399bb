/**
 * The moment in a 1.x folder name (`20260131093000_add_groups`), Unix milliseconds, UTC, as drizzle-orm 1.x
 * computes it; null when the name does not start with fourteen digits that make a date.
 */
export function parseFolderMillis(name: string): number | null {
  const parts = /^(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})/.exec(name);
  if (!parts) return null;
  const [year, month, day, hour, minute, second] = parts.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const millis = Date.UTC(year, month - 1, day, hour, minute, second);
  return Number.isNaN(millis) ? null : millis;
}

/** The one order of 1.x folders, which is drizzle-orm's: by name, in the locale's order. */
export function compareFolderNames(a: string, b: string): number {
  return a.localeCompare(b);
}
