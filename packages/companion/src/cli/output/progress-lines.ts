import type { Progress, Style } from './output.ts';
import { redact } from './redact.ts';
import { renderEvent } from './render-event.ts';

type LineInput = { readonly style: Style; readonly write: (text: string) => void };

/** Lines for a log: each written at once, none rewritten, so that the last one tells where a run hangs. */
export function createLineProgress({ style, write }: LineInput): Progress {
  return {
    onEvent: (event) => {
      const text = renderEvent(event, style);
      if (text !== '') write(`${redact(text)}\n`);
    },
    close: () => {},
  };
}
