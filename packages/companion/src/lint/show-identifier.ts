import { showName } from './facts/names.ts';

/** A column's or constraint's name for messages: quoted only where it must be. */
export function showIdentifier(name: string): string {
  return showName({ schema: null, name });
}
