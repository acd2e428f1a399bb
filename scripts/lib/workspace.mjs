// Gets a fresh clone ready: dependencies and builds, with nothing but Node, npm and git on the machine.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runProgram, StepFailed, step } from './steps.mjs';

export const root = fileURLToPath(new URL('../..', import.meta.url));

/** Installs what pnpm-lock.yaml says and builds every package that has a build. */
export async function prepareWorkspace() {
  requireNode();
  const pnpm = findPnpm();
  const run = (...args) => runProgram(pnpm.file, [...pnpm.args, ...args], { cwd: root });
  // No question can be answered here: modules that another pnpm laid down are replaced.
  await step('dependencies installed', () =>
    run('install', '--frozen-lockfile', '--config.confirmModulesPurge=false'),
  );
  await step('packages built', () => run('run', 'build'));
}

/** The pnpm that started us, else the one package.json names, fetched by npx. */
function findPnpm() {
  const { npm_config_user_agent: agent = '', npm_execpath: path = '' } = process.env;
  if (agent.startsWith('pnpm/') && path !== '') {
    return /\.[cm]?js$/.test(path) ? { file: process.execPath, args: [path] } : { file: path, args: [] };
  }
  const { packageManager } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));
  return { file: 'npx', args: ['--yes', packageManager.split('+')[0]] };
}

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new StepFailed(`Node 20.19 or newer is needed; this is ${process.versions.node}.`);
  }
}
