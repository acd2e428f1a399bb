const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000 };

/** PostgreSQL's time-outs and Node's timers both end at 2^31 - 1 ms. */
const LONGEST_MS = 2_147_483_647;

/** What a message says a duration looks like. */
export const DURATION_EXAMPLES = '500ms, 30s, 5min, 2h or 0';

/** `30s` → 30000. Null for anything that is not a duration, or is longer than 24 days. */
export function parseDuration(text: string): number | null {
  if (text.trim() === '0') return 0;
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m|min|h)$/.exec(text.trim());
  if (match === null) return null;
  const ms = Math.round(Number(match[1]) * (UNITS[match[2] ?? ''] ?? Number.NaN));
  return ms <= LONGEST_MS ? ms : null;
}
