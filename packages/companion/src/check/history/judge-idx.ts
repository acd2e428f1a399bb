import type { JournalEntry } from '../../folder/history.ts';
import { numberOf } from './number-of.ts';

/**
 * What a wrong idx does. drizzle-kit numbers the next migration after the last entry's idx, and writes its snapshot
 * under that number without looking: only the last entry can do harm.
 */
export function judgeIdx(
  entries: readonly JournalEntry[],
  position: number,
): { readonly level: 'error' | 'warning'; readonly consequence: string } {
  const entry = entries[position];
  if (entry && position === entries.length - 1) {
    const next = String(entry.idx + 1).padStart(4, '0');
    const taken = entries.find(({ tag }) => numberOf(tag) === next);
    if (taken) {
      return {
        level: 'error',
        consequence: `the next drizzle-kit generate will be number ${next} and write its snapshot over that of ${taken.tag}`,
      };
    }
  }
  return { level: 'warning', consequence: 'the numbers no longer tell the order in which drizzle runs them' };
}
