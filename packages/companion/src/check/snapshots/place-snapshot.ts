import type { Snapshot } from '../../folder/history.ts';
import { lineAt } from '../../folder/parse-json.ts';

/** The line of a snapshot on which one of its ids stands. */
export function placeSnapshot(
  { file, migration, text }: Snapshot,
  id: string,
): { readonly file: string; readonly line: number; readonly migration?: string } {
  const found = text.indexOf(JSON.stringify(id));
  return { file, line: lineAt(text, Math.max(0, found)), ...(migration === null ? {} : { migration }) };
}

/** What people call it: the migration, or the file where none claims it. */
export function nameSnapshot({ file, migration }: Snapshot): string {
  return migration ?? file.split(/[/\\]/).slice(-2).join('/');
}
