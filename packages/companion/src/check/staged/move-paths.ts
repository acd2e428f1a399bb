import type { CheckResult } from '../../kernel/check-result.ts';
import { CompanionError } from '../../kernel/errors.ts';
import type { Finding } from '../../kernel/finding.ts';

/** A result from a checkout, told as if it had been looked at in the repository. Pure. */
export function moveResult(result: CheckResult, from: string, to: string): CheckResult {
  const move = (text: string) => text.replaceAll(from, to);
  return {
    ...result,
    findings: result.findings.map((finding) => moveFinding(finding, move)),
    excepted: result.excepted.map((finding) => moveFinding(finding, move)),
    allowed: result.allowed.map((finding) => moveFinding(finding, move)),
    notChecked: result.notChecked.map((one) => ({ ...one, reason: move(one.reason) })),
    sources: new Map([...result.sources].map(([file, text]) => [move(file), text])),
    root: move(result.root),
    configFile: result.configFile === null ? null : move(result.configFile),
  };
}

/** The same for what was thrown; anything that is not ours stays as it is. */
export function moveError(thrown: unknown, from: string, to: string): unknown {
  if (!(thrown instanceof CompanionError)) return thrown;
  const move = (text: string) => text.replaceAll(from, to);
  const { message, hint, place, findings, snippet } = thrown.fields;
  return thrown.with({
    message: move(message),
    ...(hint === undefined ? {} : { hint: move(hint) }),
    ...(snippet === undefined ? {} : { snippet: move(snippet) }),
    ...(place === undefined ? {} : { place: { ...place, file: move(place.file) } }),
    ...(findings === undefined ? {} : { findings: findings.map((finding) => moveFinding(finding, move)) }),
  });
}

function moveFinding(finding: Finding, move: (text: string) => string): Finding {
  const { message, file, hint, fix } = finding;
  return {
    ...finding,
    message: move(message),
    ...(file === undefined ? {} : { file: move(file) }),
    ...(hint === undefined ? {} : { hint: move(hint) }),
    ...(fix === undefined ? {} : { fix: move(fix) }),
  };
}
