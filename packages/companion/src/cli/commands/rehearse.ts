import { CompanionError } from '../../kernel/errors.ts';
import type { RehearsalReport } from '../../kernel/rehearsal.ts';
import { rehearse } from '../../rehearse/rehearse.ts';
import type { CommandContext } from '../command.ts';
import type { REHEARSE_FLAGS } from '../flags.ts';
import { buildRehearsalJson, renderJson } from '../output/json.ts';
import type { Progress } from '../output/output.ts';
import { createProgress } from '../output/progress.ts';
import { renderFindings } from '../output/render-finding.ts';
import { renderBrokenOff, renderRehearsal } from '../output/render-rehearsal.ts';
import { parseAccept } from '../parse-accept.ts';
import { readTarget } from '../read-target.ts';
import { readTimeouts } from '../read-timeouts.ts';

type Context = CommandContext<typeof REHEARSE_FLAGS>;

export async function runRehearse(context: Context): Promise<number> {
  const { flags, output } = context;
  refuseLonely(context);
  const progress = createProgress(output);
  const { onEvent } = progress;
  const report = await (flags.shadow ? onShadow(context, onEvent) : onTarget(context, onEvent))
    .finally(progress.close)
    .catch((error: unknown) => {
      if (error instanceof CompanionError) showBrokenOff(error.fields.rehearsal, context);
      throw error;
    });
  if (output.format === 'json') output.write(renderJson(buildRehearsalJson(report, 0)));
  else if (!output.quiet) {
    const untold = renderFindings(progress.untold(report.findings), output.style);
    output.write(`${untold === '' ? '' : `${untold}\n`}${renderRehearsal(report, output.style)}`);
  }
  return 0;
}

async function onTarget(context: Context, onEvent: Progress['onEvent']): Promise<RehearsalReport> {
  const { flags } = context;
  const accept = parseAccept(flags.accept);
  const { configFile, ...target } = await readTarget(context);
  return rehearse({
    ...target,
    ...(await readTimeouts(context, configFile)),
    // The config's is for runs that count.
    lockTimeoutMs: flags['lock-timeout'],
    to: flags.to ?? null,
    evenIfBusy: flags['even-if-busy'],
    accept,
    onEvent,
  });
}

async function onShadow(context: Context, onEvent: Progress['onEvent']): Promise<RehearsalReport> {
  const { flags, given, signal } = context;
  const accept = parseAccept(flags.accept);
  // Replays need git, PGlite or a server, and a rehearsal on the target none of them.
  const { readShadowPlace } = await import('../read-shadow-place.ts');
  const { rehearseOnShadow } = await import('../../rehearse/rehearse-on-shadow.ts');
  const { chooseProvider } = await import('../../shadow/choose-provider.ts');
  const place = await readShadowPlace(context, flags['shadow-url']);
  const { provider } = chooseProvider(place.shadow);
  if (given.has('wait') && provider !== 'server') {
    throw new CompanionError('usage-invalid', {
      message: `--wait is for a server that is not up yet, and the shadow is one of ${provider}.`,
    });
  }
  return rehearseOnShadow({
    ...place,
    waitMs: given.has('wait') ? flags.wait : 0,
    to: flags.to ?? null,
    from: flags.from ?? null,
    stock: flags.stock,
    accept,
    signal,
    onEvent,
  });
}

/** Flags of the other way to rehearse would be believed to have an effect. */
function refuseLonely({ flags, given }: Context): void {
  const [shadow, ofOther] = flags.shadow ? ['does not go with', OF_TARGET] : ['needs', OF_SHADOW];
  const lonely = ofOther.find((name) => given.has(name));
  if (lonely === undefined) return;
  throw new CompanionError('usage-invalid', { message: `--${lonely} ${shadow} --shadow.` });
}

const OF_SHADOW = ['shadow-url', 'stock', 'from'];
const OF_TARGET = ['even-if-busy', 'lock-timeout', 'lock-wait', 'statement-timeout'];

/** What was rehearsed before the error, which is told after it. */
function showBrokenOff(report: RehearsalReport | undefined, { output }: Context): void {
  if (report === undefined || output.quiet || output.format === 'json') return;
  output.write(renderBrokenOff(report, output.style));
}
