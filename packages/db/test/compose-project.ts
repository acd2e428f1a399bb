import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));

export type Output = { readonly exitCode: number | null; readonly stdout: string; readonly stderr: string };
export type Service = {
  readonly ID: string;
  readonly Service: string;
  readonly State: string;
  readonly Health: string;
  readonly ExitCode: number;
};

export type ComposeProject = {
  /** Where the api is published, without a slash at the end. */
  readonly origin: string;
  run(...args: string[]): Promise<Output>;
  /** The ledger's rows, oldest first, as PostgreSQL prints them. */
  readLedger(): Promise<string[]>;
  /** Every container of the project, those that ended too. */
  readServices(): Promise<Map<string, Service>>;
  /** Milliseconds, to hold one moment against another. */
  readMoment(service: string, moment: 'StartedAt' | 'FinishedAt'): Promise<number>;
  /** Containers, volumes and the images that it built. */
  remove(): Promise<void>;
};

/** Why Compose cannot be tested here, or null when an engine answers. */
export function missingEngine(): string | null {
  const asked = spawnSync('docker', ['info', '--format', '{{.ServerVersion}}'], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  if (asked.error) return `docker cannot be started (${asked.error.message})`;
  if (asked.status !== 0) return `no Docker engine answers (${asked.stderr.trim()})`;
  const compose = spawnSync('docker', ['compose', 'version'], { encoding: 'utf8' });
  return compose.status === 0 ? null : 'docker has no compose plugin';
}

/** The working tree's docker-compose.yml as a project of its own: own name, own ports, and no `.env`. */
export async function createComposeProject(...overrides: string[]): Promise<ComposeProject> {
  const [postgresPort, apiPort] = await findFreePorts();
  const files = ['docker-compose.yml', ...overrides].flatMap((file) => ['-f', file]);
  const name = `acme-test-${randomBytes(4).toString('hex')}`;
  const env = {
    ...process.env,
    COMPOSE_PROJECT_NAME: name,
    POSTGRES_PORT: String(postgresPort),
    API_PORT: String(apiPort),
    POSTGRES_USER: 'acme',
    POSTGRES_PASSWORD: 'acme',
    POSTGRES_DB: 'acme',
  };
  const run = (...args: string[]) =>
    runDocker(['compose', '--ansi', 'never', ...files, '--project-directory', REPOSITORY, ...args], env);

  return {
    origin: `http://127.0.0.1:${apiPort}`,
    run,
    readLedger: async () => {
      const query = 'SELECT id, hash, created_at FROM drizzle.__drizzle_migrations ORDER BY id';
      const { exitCode, stdout, stderr } = await run(
        'exec',
        '-T',
        'postgres',
        'psql',
        '-U',
        'acme',
        '-Atc',
        query,
      );
      if (exitCode !== 0) throw new Error(stderr);
      return stdout.trim().split('\n');
    },
    readServices: async () => {
      const { stdout } = await run('ps', '--all', '--format', 'json');
      const services: Service[] = stdout
        .trim()
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line));
      return new Map(services.map((service) => [service.Service, service]));
    },
    readMoment: async (service, moment) => {
      const id = (await run('ps', '--all', '--quiet', service)).stdout.trim();
      return Date.parse(
        (await runDocker(['inspect', '--format', `{{.State.${moment}}}`, id], env)).stdout.trim(),
      );
    },
    remove: async () => {
      await run('down', '--volumes', '--rmi', 'local', '--remove-orphans', '--timeout', '5');
      const left = await runDocker(
        ['ps', '-aq', '--filter', `label=com.docker.compose.project=${name}`],
        env,
      );
      if (left.stdout) throw new Error(`containers of ${name} are left: ${left.stdout}`);
    },
  };
}

/** Without blocking: a build takes minutes, and the test runner's own messages must get through. */
function runDocker(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Output> {
  return new Promise((resolve, reject) => {
    const child = spawn('docker', args, { cwd: REPOSITORY, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const output = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        output[stream] += text;
      });
    }
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode, ...output }));
  });
}

/** Two at once, so that they are not the same one. */
async function findFreePorts(): Promise<[number, number]> {
  const servers = [createServer(), createServer()];
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve) => {
          server.listen(0, '127.0.0.1', () => {
            const address = server.address();
            resolve(typeof address === 'object' && address ? address.port : 0);
          });
        }),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return [ports[0] ?? 0, ports[1] ?? 0];
}
