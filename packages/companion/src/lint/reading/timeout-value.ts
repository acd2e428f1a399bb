const MILLISECONDS: Readonly<Record<string, number>> = {
  us: 0.001,
  ms: 1,
  s: 1_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** A time-out as PostgreSQL reads it, in milliseconds: `5s`, `250`, `1.5 min`; null for what it would refuse. */
export function parseTimeout(text: string): number | null {
  const [, number, unit = 'ms'] = /^\s*([-+]?\d*\.?\d+)\s*(us|ms|s|min|h|d)?\s*$/.exec(text) ?? [];
  const factor = MILLISECONDS[unit];
  return number === undefined || factor === undefined ? null : Number(number) * factor;
}
