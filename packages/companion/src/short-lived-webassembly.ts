import { setFlagsFromString } from 'node:v8';

/** V8 of Node 20 to 24 knows the flag; one that did not would say so on the user's terminal. */
const NEWEST_V8 = 13;

/**
 * PostgreSQL's parser and PGlite are WebAssembly, and run for a moment. V8 would optimise them as for a life of hours,
 * keep a core busy with it, and not let the process end before it is done: half of the time of a run that parses one
 * file. The flag is the whole process's, so that this is for the bin and for threads of ours, not for the library.
 */
export function keepWebAssemblyShortLived(): void {
  if (Number.parseInt(process.versions.v8, 10) > NEWEST_V8) return;
  setFlagsFromString('--wasm-tiering-budget=200000000');
}
