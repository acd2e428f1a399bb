import type { RunEvent } from '../../kernel/run-event.ts';
import { type LiveState, renderLiveLine } from './live-line.ts';
import type { Progress, Style } from './output.ts';
import { redact } from './redact.ts';
import { renderEvent } from './render-event.ts';
import { renderShadowEvent, SHADOW_EVENTS } from './render-shadow-event.ts';

type LiveInput = {
  readonly style: Style;
  readonly write: (text: string) => void;
  /** Milliseconds. */
  readonly now: () => number;
};

/** Often enough for the eye, seldom enough that a thousand small migrations do not wait for the terminal. */
const REDRAW_MS = 80;
const ERASE_LINE = '\r\x1b[2K';

/** Finished things stay as lines; under them one line moves. Both are written together, at each redraw. */
export function createLiveProgress({ style, write, now }: LiveInput): Progress {
  const held: string[] = [];
  let state: LiveState | null = { kind: 'waiting', text: 'connecting', sinceMs: now() };
  let drawn = false;
  let frame = 0;

  const redraw = (): void => {
    const finished = held.splice(0).map((line) => `${redact(line)}\n`);
    const line = state === null ? '' : redact(renderLiveLine(state, { nowMs: now(), frame }, style));
    const erase = drawn ? ERASE_LINE : '';
    if (erase !== '' || finished.length > 0 || line !== '') write(erase + finished.join('') + line);
    drawn = line !== '';
    frame += 1;
  };
  const timer = setInterval(redraw, REDRAW_MS);
  timer.unref();

  return {
    onEvent: (event) => {
      state = advance(state, event, now());
      const text = isShownAsLine(event) ? renderEvent(event, style) : '';
      if (text !== '') held.push(text);
    },
    close: () => {
      clearInterval(timer);
      state = null;
      redraw();
    },
  };
}

/** The start of a step is what the moving line shows; statements move it on. */
function isShownAsLine(event: RunEvent): boolean {
  return ![...SHADOW_EVENTS, 'step-start', 'statement-done', 'rehearsal-step'].includes(event.type);
}

function advance(state: LiveState | null, event: RunEvent, nowMs: number): LiveState | null {
  switch (event.type) {
    case 'connected':
      return { kind: 'waiting', text: 'reading the ledger', sinceMs: nowMs };
    case 'connect-retry':
      return state?.kind === 'waiting' ? state : { kind: 'waiting', text: 'connecting', sinceMs: nowMs };
    case 'reading-files':
    case 'shadow-start':
    case 'shadow-ready':
      return { kind: 'waiting', text: renderShadowEvent(event), sinceMs: nowMs };
    case 'lock-wait':
      return { kind: 'waiting', text: 'waiting for another runner', sinceMs: nowMs - event.waitedMs };
    case 'planned':
      return null;
    case 'step-start': {
      const { name, index, steps, statements, resumedAfter } = event;
      return { kind: 'step', name, index, steps, statements, done: resumedAfter, sinceMs: nowMs };
    }
    case 'statement-done':
      return state?.kind === 'step' ? { ...state, done: event.done } : state;
    case 'rehearsal-step': {
      const text = `rehearsing ${event.name}  ${event.index}/${event.steps}`;
      return { kind: 'waiting', text, sinceMs: nowMs };
    }
    case 'step-end':
      return event.index === event.steps ? { kind: 'waiting', text: 'verifying', sinceMs: nowMs } : null;
    default:
      return state;
  }
}
