import { randomBytes } from 'node:crypto';

const PATTERN = /^drizzle_companion_shadow_[0-9a-f]{16}_(\d{13})$/;
/** The same, for PostgreSQL's LIKE; `_` stands for itself. */
export const SHADOW_NAMES_LIKE = String.raw`drizzle\_companion\_shadow\_%`;

/** A name that nobody else gives a database: `drizzle_companion_shadow_<random>_<time>`. */
export function newShadowName(): string {
  return `drizzle_companion_shadow_${randomBytes(8).toString('hex')}_${Date.now()}`;
}

/** When a database of such a name was named, in ms; null for any other name. */
export function timeOfName(name: string): number | null {
  const time = PATTERN.exec(name)?.[1];
  return time === undefined ? null : Number(time);
}

/** Who made a shadow: the session that holds it, for as long as it lives. */
export type ShadowMark = {
  readonly pid: number;
  /** Seconds since 1970: a date in words would read otherwise in a session of another time zone. */
  readonly backendStart: string;
};

const MARK = 'A shadow of drizzle-companion, dropped when it is done';
const SECONDS = /^\d+(\.\d+)?$/;

/** The comment on the database. */
export function renderMark({ pid, backendStart }: ShadowMark): string {
  return `${MARK}: ${JSON.stringify({ pid, backendStart })}`;
}

/** Who made the database of that name and comment; null for one that we did not make, or cannot know that we did. */
export function parseMark(name: string, comment: string | null): ShadowMark | null {
  if (!PATTERN.test(name) || comment === null || !comment.startsWith(`${MARK}: `)) return null;
  try {
    const { pid, backendStart } = JSON.parse(comment.slice(MARK.length + 2)) as Partial<ShadowMark>;
    const isMark = typeof pid === 'number' && typeof backendStart === 'string' && SECONDS.test(backendStart);
    return isMark ? { pid, backendStart } : null;
  } catch {
    return null;
  }
}
