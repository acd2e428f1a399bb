import { describe, expect, test } from 'vitest';
import { chooseOutput } from './choose-output.ts';

type Input = Parameters<typeof chooseOutput>[0];

function choose({
  flags = {},
  env = {},
  tty = true,
  columns = 100,
  command,
}: {
  command?: string;
  flags?: Partial<Input['flags']>;
  env?: Record<string, string>;
  tty?: boolean;
  columns?: number;
} = {}) {
  const stream = { isTTY: tty, columns, write: () => true };
  return chooseOutput({
    ...(command === undefined ? {} : { command }),
    flags: { format: undefined, color: undefined, quiet: false, verbose: false, ...flags },
    env,
    cwd: '/repo',
    stdout: stream,
    stderr: stream,
  });
}

const isColoured = (output: ReturnType<typeof choose>) => output.style.paint.red('x') !== 'x';

test('a terminal gets the pretty format in its own width, anything else plain text that is never cut', () => {
  expect(choose()).toMatchObject({ format: 'pretty', live: true, style: { width: 100, symbols: true } });
  expect(choose({ tty: false })).toMatchObject({
    format: 'plain',
    live: false,
    style: { width: Number.POSITIVE_INFINITY, symbols: false },
  });
  expect(choose({ columns: 0 }).style.width).toBe(80);
  expect(choose({ columns: 20 }).style.width).toBe(40);
});

test('lines move on terminals alone, and not on dumb or quiet ones', () => {
  expect(choose({ flags: { format: 'pretty' }, tty: false }).live).toBe(false);
  expect(choose({ env: { TERM: 'dumb' } }).live).toBe(false);
  expect(choose({ flags: { quiet: true } }).live).toBe(false);
});

describe('colours', () => {
  test.each<[string, boolean, Parameters<typeof choose>[0]]>([
    ['on a terminal', true, {}],
    ['not elsewhere', false, { tty: false }],
    ['not where NO_COLOR is set', false, { env: { NO_COLOR: '1' } }],
    ['where NO_COLOR is empty', true, { env: { NO_COLOR: '' } }],
    ['not on a dumb terminal', false, { env: { TERM: 'dumb' } }],
    ['where FORCE_COLOR asks for them', true, { env: { FORCE_COLOR: '1' }, tty: false }],
    ['not where FORCE_COLOR is 0', false, { env: { FORCE_COLOR: '0' } }],
    ['by --color above all', true, { flags: { color: true }, env: { NO_COLOR: '1' }, tty: false }],
    ['by --no-color above all', false, { flags: { color: false }, env: { FORCE_COLOR: '1' } }],
    ['never in JSON', false, { flags: { color: true, format: 'json' } }],
  ])('%s', (_, expected, input) => {
    expect(isColoured(choose(input))).toBe(expected);
  });
});

test('a check in a workflow annotates by itself; other commands and other formats are as asked', () => {
  const env = { GITHUB_ACTIONS: 'true' };
  expect(choose({ command: 'check', env, tty: false }).format).toBe('github');
  expect(choose({ command: 'check', env, tty: false, flags: { format: 'json' } }).format).toBe('json');
  expect(choose({ command: 'migrate', env, tty: false }).format).toBe('plain');
  expect(choose({ command: 'check', tty: false }).format).toBe('plain');
});
