const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** Bytes for reading, in steps of 1024 as PostgreSQL counts them: `812 B`, `3.4 kB`, `12 MB`. */
export function renderBytes(bytes: number): string {
  let size = bytes;
  let unit = 0;
  while (size >= 999.5 && unit < UNITS.length - 1) {
    size /= 1024;
    unit += 1;
  }
  return `${unit > 0 && size < 9.95 ? Number(size.toFixed(1)) : Math.round(size)} ${UNITS[unit]}`;
}
