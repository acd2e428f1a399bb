import type { MigrateOptions } from '../../kernel/options.ts';
import { migrate } from '../../migrate/migrate.ts';
import { readMigratePlan } from '../../migrate/read-migrate-plan.ts';
import type { CommandContext } from '../command.ts';
import type { MIGRATE_FLAGS } from '../flags.ts';
import { holdUntil } from '../hold-until.ts';
import { renderFindingAnnotation } from '../output/github.ts';
import { buildMigrateJson, buildPlanJson, renderJson } from '../output/json.ts';
import { createProgress } from '../output/progress.ts';
import { renderPlan } from '../output/render-plan.ts';
import { renderReport } from '../output/render-report.ts';
import { parseAccept } from '../parse-accept.ts';
import { readTarget } from '../read-target.ts';
import { readTimeouts } from '../read-timeouts.ts';

type Context = CommandContext<typeof MIGRATE_FLAGS>;

export async function runMigrate(context: Context): Promise<number> {
  const { flags } = context;
  const accept = parseAccept(flags.accept);
  const { configFile, ...target } = await readTarget(context);
  const options: MigrateOptions = {
    ...target,
    ...(await readTimeouts(context, configFile)),
    to: flags.to ?? null,
    lockRetries: flags['lock-retries'],
    singleTransaction: flags['single-transaction'],
    accept,
  };
  return flags.plan ? showPlan(options, context) : applyAll(options, context);
}

async function showPlan(options: MigrateOptions, { output }: Context): Promise<number> {
  const { plan, status } = await readMigratePlan(options);
  const exitCode = plan.refusals.length > 0 ? 4 : 0;
  if (output.format === 'json') output.write(renderJson(buildPlanJson(plan, status, exitCode)));
  else if (!output.quiet || exitCode !== 0) output.write(renderPlan({ plan, status }, output.style));
  return exitCode;
}

async function applyAll(options: MigrateOptions, { flags, output, cwd, signal }: Context): Promise<number> {
  const progress = createProgress(output);
  const report = await migrate({ ...options, onEvent: progress.onEvent }).finally(progress.close);
  if (output.format === 'json') output.write(renderJson(buildMigrateJson(report, 0)));
  else if (!output.quiet) {
    output.write(renderReport({ report, untold: progress.untold(report.findings) }, output.style));
    if (output.format === 'github') {
      output.write(report.findings.map((finding) => renderFindingAnnotation(finding, cwd)).join(''));
    }
  }
  if (!flags.hold) return 0;
  if (!output.quiet) output.writeError('holding until SIGTERM; no database connection is open\n');
  await holdUntil(signal);
  return 0;
}
