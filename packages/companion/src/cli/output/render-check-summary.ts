import type { CheckResult } from '../../kernel/check-result.ts';
import { countLevels } from './count-levels.ts';
import type { Style } from './output.ts';
import { renderPath } from './render-path.ts';
import { count, wrap } from './text-layout.ts';

/** The last lines: what could not be looked at, what is said besides, and the sum. Without a final line end. */
export function renderCheckSummary(result: CheckResult, style: Style): string {
  const { paint, width, verbose } = style;
  const { errors, warnings, infos } = countLevels(result.findings);
  const say = (text: string) => wrap(text, { width, indent: '  ' });
  const lines = result.notChecked.map(({ group, reason }) =>
    say(`${paint.yellow(`${group} not checked:`)} ${reason}`),
  );
  lines.push(...result.notes.map((note) => say(`${paint.dim('note:')} ${note}`)));
  lines.push(...renderMending(result, style));
  lines.push(renderSum(result, style));
  const hidden = [
    ...(infos > 0 ? [count(infos, 'info')] : []),
    ...(result.excepted.length > 0 ? [`${result.excepted.length} kept quiet by the config`] : []),
    ...(result.allowed.length > 0 ? [`${result.allowed.length} allowed in the SQL`] : []),
  ];
  if (hidden.length > 0) {
    const how = verbose ? '' : '; --verbose shows them';
    const text = `${errors + warnings > 0 ? 'Besides: ' : ''}${hidden.join(', ')}${how}`;
    lines.push(paint.dim(say(text)));
  }
  return lines.join('\n');
}

/** What `--fix` wrote, and what it left alone. */
function renderMending({ mending }: CheckResult, { paint, symbols, width, cwd }: Style): readonly string[] {
  if (mending === undefined) return [];
  const say = (text: string) => wrap(text, { width, indent: '  ' });
  const mark = symbols ? `${paint.green('✓')} ` : '';
  return [
    ...mending.written.map(({ file, codes }) =>
      say(`${mark}fixed ${renderPath(file, cwd)}: ${codes.join(', ')}`),
    ),
    ...mending.kept.map(({ file, codes, reason }) =>
      say(`${paint.yellow('not fixed')} ${renderPath(file, cwd)}: ${codes.join(', ')}; ${reason}`),
    ),
  ];
}

function renderSum(
  { findings, files, groups, isPassed }: CheckResult,
  { paint, symbols, width }: Style,
): string {
  const { errors, warnings } = countLevels(findings);
  const mark = (symbol: string, color: 'red' | 'yellow' | 'green') =>
    symbols ? `${paint[color](symbol)} ` : '';
  const places = new Set(findings.flatMap(({ file, level }) => (level === 'info' || !file ? [] : [file])));
  const within = places.size === 0 ? '' : ` in ${count(places.size, 'file')}`;
  const parts = [
    ...(errors > 0 ? [paint.red(count(errors, 'error'))] : []),
    ...(warnings > 0 ? [paint.yellow(count(warnings, 'warning'))] : []),
  ];
  if (parts.length > 0) {
    return `${errors > 0 ? mark('✗', 'red') : mark('!', 'yellow')}${parts.join(', ')}${within}`;
  }
  if (!isPassed) return `${mark('✗', 'red')}Not everything that was asked for could be checked.`;
  // Only --staged looks at nothing and is satisfied.
  if (groups.length === 0) return `${mark('✓', 'green')}Nothing is staged that check looks at.`;
  const looked = `${groups.join(', ')}; ${count(files, 'file')}`;
  return `${mark('✓', 'green')}${wrap(`Nothing found (${looked}).`, { width, indent: '  ' })}`;
}
