import type { Finding } from '../../kernel/finding.ts';
import type { MigrateReport } from '../../kernel/report.ts';
import type { Style } from './output.ts';
import { renderDuration } from './render-duration.ts';
import { renderFindings } from './render-finding.ts';
import { count } from './text-layout.ts';

type ReportInput = {
  readonly report: MigrateReport;
  /** Findings that were not told while it ran. */
  readonly untold: readonly Finding[];
};

/** The end of a successful run. */
export function renderReport({ report, untold }: ReportInput, style: Style): string {
  const { paint, symbols } = style;
  const findings = renderFindings(untold, style);
  const done = report.steps.filter((step) => step.state === 'done').length;
  const sentence =
    done === 0
      ? 'Nothing to apply.'
      : `Applied ${count(done, 'migration')} in ${renderDuration(report.durationMs)}.`;
  const mark = symbols ? `${paint.green('✓')} ` : '';
  return `${findings === '' ? '' : `${findings}\n`}${mark}${paint.bold(sentence)}\n`;
}
