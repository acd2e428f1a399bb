import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import postgres from 'postgres';
import { describe, expect, test } from 'vitest';
import { startPostgres } from './embedded-server.ts';

describe('an embedded server', () => {
  test.each([14, 18] as const)(
    'PostgreSQL %i starts, answers in UTF8 and leaves nothing behind',
    async (version) => {
      const server = await startPostgres({ version });
      const sql = postgres(server.url(), { max: 1 });
      const [row] = await sql`
      select current_setting('server_version_num')::int / 10000 as major, current_setting('server_encoding') as encoding,
             current_setting('data_directory') as directory, current_setting('synchronous_commit') as commit`;
      await sql.end();
      expect(row).toMatchObject({ major: version, encoding: 'UTF8', commit: 'on' });
      expect(existsSync(row?.directory)).toBe(true);
      await server.stop();
      await server.stop();
      expect(existsSync(row?.directory)).toBe(false);
      await expect(isListening(server.port)).resolves.toBe(false);
    },
  );

  test('takes flags, and stops while clients are connected', async () => {
    const server = await startPostgres({ flags: ['-c', 'max_connections=7'] });
    const sql = postgres(server.url(), { max: 1, onclose: () => undefined });
    expect(await sql`show max_connections`).toEqual([{ max_connections: '7' }]);
    await server.stop();
    await expect(sql`select 1`).rejects.toMatchObject({
      code: expect.stringMatching(/ECONN|57P01|CONNECTION/),
    });
    await sql.end();
  });

  test('two servers at once take different ports', async () => {
    const [one, other] = await Promise.all([startPostgres(), startPostgres()]);
    expect(one.port).not.toBe(other.port);
    await Promise.all([one.stop(), other.stop()]);
  });

  test('tells why it did not start', async () => {
    await expect(startPostgres({ flags: ['-c', 'no_such_setting=1'] })).rejects.toMatchObject({
      log: expect.stringContaining('no_such_setting'),
    });
  });

  test('ends when the process that started it is killed', async () => {
    const module = fileURLToPath(new URL('embedded-server.ts', import.meta.url));
    const script = `const { startPostgres } = await import(${JSON.stringify(module)});
      const server = await startPostgres(); console.log(JSON.stringify({ pid: server.pid, port: server.port }));
      setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script]);
    const told = await new Promise<string>((resolve) =>
      parent.stdout.once('data', (chunk) => resolve(String(chunk))),
    );
    const { pid, port } = JSON.parse(told);
    expect(await isListening(port)).toBe(true);
    parent.kill('SIGKILL');
    await expect.poll(() => isListening(port), { timeout: 10_000 }).toBe(false);
    await expect.poll(() => processExists(pid), { timeout: 10_000 }).toBe(false);
  });
});

async function isListening(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const open = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  });
  socket.destroy();
  return open;
}

function processExists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
