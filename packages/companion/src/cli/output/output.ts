import type { RunEvent } from '../../kernel/run-event.ts';
import type { FORMATS } from '../flags.ts';
import type { Paint } from './paint.ts';

export type Format = (typeof FORMATS)[number];

/** What a renderer needs to know of the place its text goes to. */
export type Style = {
  readonly paint: Paint;
  /** Columns; Infinity where nothing is to be cut or wrapped. */
  readonly width: number;
  /** Marks such as ✓, or words alone. */
  readonly symbols: boolean;
  readonly verbose: boolean;
  /** Files beneath it are printed relative to it. */
  readonly cwd: string;
};

/** Where a command prints to. */
export type Output = {
  readonly format: Format;
  readonly quiet: boolean;
  /** May lines be rewritten in place? */
  readonly live: boolean;
  readonly style: Style;
  readonly errorStyle: Style;
  /** Standard output. */
  readonly write: (text: string) => void;
  /** Standard error. */
  readonly writeError: (text: string) => void;
};

/** Shows a run while it runs. */
export type Progress = {
  readonly onEvent: (event: RunEvent) => void;
  /** Writes what is still held back, takes the moving line away; safe to call twice. */
  readonly close: () => void;
};
