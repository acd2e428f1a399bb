import { expect, test } from 'vitest';
import { openTerminal } from './pty.ts';

const program = (body: string) => [process.execPath, ['-e', body]] as const;

test('a program finds itself in a terminal of the size asked for', async () => {
  const body =
    'console.log(process.stdout.isTTY, process.stdout.columns, process.stdout.rows); process.exit(7)';
  const terminal = openTerminal(...program(body), { columns: 72, rows: 20, env: { NO_COLOR: '1' } });
  expect(await terminal.exit).toBe(7);
  expect(await terminal.screen()).toBe('true 72 20');
});

test('what is typed arrives, and what is overwritten is not on the screen', async () => {
  const body = `process.stdout.write('name? ');
    process.stdin.once('data', (d) => { process.stdout.write('wait\\r\\x1b[2Khello ' + d); process.exit(0) })`;
  const terminal = openTerminal(...program(body));
  await terminal.waitFor(/name\? /);
  terminal.send('ada\r');
  expect(await terminal.exit).toBe(0);
  expect(terminal.output()).toContain('wait');
  expect(await terminal.screen()).toBe('name? ada\nhello ada');
});

test('Ctrl-C interrupts', async () => {
  const terminal = openTerminal(...program(`console.log('up'); setInterval(() => {}, 1000)`));
  await terminal.waitFor(/up/);
  terminal.send('\x03');
  expect(await terminal.exit).toBe(130);
});

test('waiting for what never comes fails when the program ends', async () => {
  const terminal = openTerminal(...program(`console.log('no')`));
  await expect(terminal.waitFor(/yes/)).rejects.toThrow('ended without /yes/');
});
