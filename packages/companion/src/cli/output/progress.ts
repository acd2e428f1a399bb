import type { Finding } from '../../kernel/finding.ts';
import type { Output, Progress } from './output.ts';
import { createLineProgress } from './progress-lines.ts';
import { createLiveProgress } from './progress-live.ts';

export type ToldProgress = Progress & {
  /** Those of the findings that the run did not tell as events. */
  readonly untold: (findings: readonly Finding[]) => readonly Finding[];
};

/** The reporter for this output. Under json the log goes to standard error, so that standard output is one object. */
export function createProgress(output: Output): ToldProgress {
  const told = new Set<string>();
  const progress = chooseProgress(output);
  return {
    onEvent: (event) => {
      if (event.type === 'finding') told.add(identify(event.finding));
      progress.onEvent(event);
    },
    close: progress.close,
    untold: (findings) => findings.filter((finding) => !told.has(identify(finding))),
  };
}

function chooseProgress(output: Output): Progress {
  const { format, quiet, live, style, errorStyle, write, writeError } = output;
  if (quiet) return { onEvent: () => {}, close: () => {} };
  if (format === 'json') return createLineProgress({ style: errorStyle, write: writeError });
  return live ? createLiveProgress({ style, write, now: Date.now }) : createLineProgress({ style, write });
}

function identify({ code, migration, message }: Finding): string {
  return JSON.stringify([code, migration, message]);
}
