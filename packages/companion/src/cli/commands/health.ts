import { readiness } from '../../health/readiness.ts';
import { CompanionError } from '../../kernel/errors.ts';
import type { Readiness } from '../../kernel/status.ts';
import type { CommandContext } from '../command.ts';
import type { HEALTH_FLAGS } from '../flags.ts';
import { buildHealthJson, renderJson } from '../output/json.ts';
import { redact } from '../output/redact.ts';
import { toOneLine } from '../output/text-layout.ts';
import { readTarget } from '../read-target.ts';

/** A container's health check is itself given up after some seconds; the reason should come out before. */
const LIMIT_MS = 3000;

export async function runHealth(context: CommandContext<typeof HEALTH_FLAGS>): Promise<number> {
  const { output } = context;
  const { signal, ...target } = await readTarget(context);
  const limit = AbortSignal.timeout(LIMIT_MS);
  const options = { ...target, signal: AbortSignal.any([signal, limit]) };
  try {
    const answer = await Promise.race([readiness(options), refuseAt(limit)]);
    const exitCode = answer.ready ? 0 : 1;
    if (output.format === 'json') output.write(renderJson(buildHealthJson(answer, exitCode)));
    else if (!output.quiet) output.write(`${renderLine(answer)}\n`);
    return exitCode;
  } catch (error) {
    // One line here too: orchestrators keep a few hundred bytes of what a health check says.
    if (!(error instanceof CompanionError) || output.format === 'json' || output.style.verbose) throw error;
    output.writeError(`${toOneLine(redact(`${error.code}: ${error.message}`))}\n`);
    return error.exitCode;
  }
}

function refuseAt(limit: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const refuse = () =>
      reject(
        new CompanionError('database-unreachable', {
          message: `the database gave no answer within ${LIMIT_MS / 1000} s`,
        }),
      );
    limit.addEventListener('abort', refuse, { once: true });
  });
}

function renderLine({ ready, reason }: Readiness): string {
  return toOneLine(`${ready ? 'ready' : 'not ready'}: ${reason}`);
}
