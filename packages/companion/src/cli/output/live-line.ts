import type { Style } from './output.ts';
import { renderDuration } from './render-duration.ts';
import { cutEnd, cutMiddle, visibleWidth } from './text-layout.ts';

const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** What the one moving line shows. */
export type LiveState =
  | { readonly kind: 'waiting'; readonly text: string; readonly sinceMs: number }
  | {
      readonly kind: 'step';
      readonly name: string;
      readonly index: number;
      readonly steps: number;
      readonly done: number;
      readonly statements: number;
      readonly sinceMs: number;
    };

type Moment = { readonly nowMs: number; readonly frame: number };

/** `⠹ 0007_add_groups  7/14  statement 3/12  4.2 s`, never as wide as the terminal: a full line would wrap. */
export function renderLiveLine(state: LiveState, { nowMs, frame }: Moment, { paint, width }: Style): string {
  const spinner = SPINNER[frame % SPINNER.length] ?? '';
  const elapsed = renderDuration(Math.max(0, nowMs - state.sinceMs));
  if (state.kind === 'waiting') {
    const text = cutEnd(state.text, width - elapsed.length - 6);
    return `${paint.cyan(spinner)} ${text}  ${paint.dim(elapsed)}`;
  }
  // The statement under way is the one after those that are done.
  const current = Math.min(state.done + 1, state.statements);
  const rest = `  ${state.index}/${state.steps}  statement ${current}/${state.statements}  ${elapsed}`;
  const name = cutMiddle(state.name, Math.max(8, width - visibleWidth(rest) - 3));
  return `${paint.cyan(spinner)} ${name}${paint.dim(rest)}`;
}
