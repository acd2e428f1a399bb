import { isAbsolute, relative } from 'node:path';
import type { Place } from '../../kernel/place.ts';

/** A path as short as it can be clicked: relative beneath the working directory, absolute elsewhere. */
export function renderPath(path: string, cwd: string): string {
  if (!isAbsolute(path)) return path;
  const short = relative(cwd, path);
  if (short === '') return '.';
  return short.startsWith('..') || isAbsolute(short) ? path : short;
}

/** `file:line:column`, which terminals and editors open. */
export function renderPlace({ file, line, column }: Place, cwd: string): string {
  return `${renderPath(file, cwd)}:${line}:${column}`;
}
