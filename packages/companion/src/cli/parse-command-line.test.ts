import { describe, expect, test } from 'vitest';
import { CompanionError } from '../kernel/errors.ts';
import { COMMANDS } from './commands.ts';
import { GLOBAL_FLAGS } from './flags.ts';
import { guessCommand, guessFormat, parseCommandLine } from './parse-command-line.ts';

function parse(line: string) {
  return parseCommandLine(line.split(' ').filter((word) => word !== ''));
}

function flagsOf(line: string): Readonly<Record<string, unknown>> {
  const invocation = parse(line);
  if (invocation.kind !== 'run') throw new Error(`a ${invocation.kind}, not a run`);
  return invocation.flags;
}

function faultsOf(line: string): string[] {
  try {
    parse(line);
  } catch (error) {
    if (!(error instanceof CompanionError)) throw error;
    expect(error.code).toBe('usage-invalid');
    expect(error.exitCode).toBe(2);
    return error.fields.findings?.map(({ message }) => message) ?? [error.message];
  }
  throw new Error('nothing was refused');
}

describe('a command line that is right', () => {
  test('has every flag, with its default where it was not given', () => {
    expect(flagsOf('migrate')).toEqual({
      config: undefined,
      folder: undefined,
      url: undefined,
      ledger: undefined,
      format: undefined,
      color: undefined,
      quiet: false,
      verbose: false,
      help: false,
      version: false,
      to: undefined,
      plan: false,
      wait: 30_000,
      'lock-wait': 60_000,
      'lock-timeout': 5000,
      'lock-retries': 8,
      'statement-timeout': 300_000,
      'single-transaction': false,
      hold: false,
      accept: [],
    });
  });

  test('takes values behind a space or an equals sign, before or after the command', () => {
    const flags = flagsOf('--url postgres://h/d migrate --wait=1.5s --lock-retries 0 --to 0003_x --no-color');
    expect(flags).toMatchObject({
      url: 'postgres://h/d',
      wait: 1500,
      'lock-retries': 0,
      to: '0003_x',
      color: false,
    });
    expect(flagsOf('status --color --to-nothing=1'.replace(' --to-nothing=1', ''))).toMatchObject({
      color: true,
    });
  });

  test('collects a flag that may be repeated', () => {
    expect(flagsOf('migrate --accept ledger/edited --accept=ledger/stray:17').accept).toEqual([
      'ledger/edited',
      'ledger/stray:17',
    ]);
  });

  test('takes a value that starts with a dash behind an equals sign', () => {
    expect(flagsOf('migrate --to=-x').to).toBe('-x');
  });
});

test('a command that takes arguments is given them, in their order', () => {
  const invocation = parse('lint a.sql --fix - b.sql -- --c.sql');
  expect(invocation).toMatchObject({
    kind: 'run',
    arguments: ['a.sql', '-', 'b.sql', '--c.sql'],
    flags: { fix: true },
  });
  expect(parse('check')).toMatchObject({ arguments: [] });
});

test.each([
  ['', 'nothing', null],
  ['--help', 'help', null],
  ['-h', 'help', null],
  ['help', 'help', null],
  ['help migrate', 'help', 'migrate'],
  ['migrate --help', 'help', 'migrate'],
  ['migrate --help --nonsense', 'help', 'migrate'],
])('%j asks for %s', (line, kind, command) => {
  const invocation = parse(line);
  expect(invocation.kind).toBe(kind);
  if (invocation.kind === 'help') expect(invocation.command?.name ?? null).toBe(command);
});

test.each(['--version', '-v', 'migrate --version'])('%j asks for the version', (line) => {
  expect(parse(line)).toEqual({ kind: 'version' });
});

test.each([
  ['migrat', ['migrat: is not a command; did you mean migrate?']],
  ['frobnicate', ['frobnicate: is not a command']],
  ['help statsu', ['statsu: is not a command; did you mean status?']],
  ['--quiet', ['command: is missing; one of migrate, rehearse, status, health, check, lint']],
  ['migrate --plna', ['--plna: is not a flag; did you mean --plan?']],
  ['migrate --lock-wiat 5s', ['--lock-wiat: is not a flag; did you mean --lock-wait?']],
  ['status --plan', ['--plan: is not a flag']],
  ['status -x', ['-x: is not a flag']],
  ['migrate 0003_x', ['0003_x: migrate takes no such argument']],
  ['lint a.sql --postgres-version 9', ['--postgres-version: "9" is none of 14, 15, 16, 17, 18']],
  ['migrate --to', ['--to: needs a value: --to <name>']],
  ['migrate --to --plan', ['--to: needs a value: --to <name>']],
  ['migrate --format', ['--format: needs a value: --format pretty|plain|json|github|sarif']],
  ['migrate --plan=yes', ['--plan: takes no value']],
  ['migrate --to a --to b', ['--to: is given twice']],
  ['status --format xml', ['--format: "xml" is none of pretty, plain, json, github, sarif']],
  ['status --format sarif', ['--format sarif: is for check and lint']],
  ['lint --short --format json', ['--short: is for people; json and sarif hold everything']],
  ['migrate --lock-retries -1', ['--lock-retries: needs a value: --lock-retries <n>']],
  ['migrate --lock-retries many', ['--lock-retries: "many" is not a whole number']],
  ['migrate --wait 30', ['--wait: "30" is not a time such as 500ms, 30s, 5min, 2h or 0']],
  ['migrate --no-plan', ['--no-plan: is not a flag; did you mean --plan?']],
  [
    'migrate --nope --wait soon --single-transaction=1',
    [
      '--nope: is not a flag',
      '--wait: "soon" is not a time such as 500ms, 30s, 5min, 2h or 0',
      '--single-transaction: takes no value',
    ],
  ],
])('%j is refused, with every fault', (line, faults) => {
  expect(faultsOf(line)).toEqual(faults);
});

test('a refusal names the help that would have helped', () => {
  expect(() => parse('migrate --nope')).toThrow(
    expect.objectContaining({ fields: expect.objectContaining({ fix: 'drizzle-companion migrate --help' }) }),
  );
});

test('a flag has one type in all commands: the command line is cut before the command is known', () => {
  const types = new Map<string, string>();
  for (const flags of [GLOBAL_FLAGS, ...COMMANDS.map((command) => command.flags)]) {
    for (const [name, { type }] of Object.entries(flags)) {
      const takesValue = type === 'switch' ? 'no value' : 'a value';
      expect(`${name} takes ${types.get(name) ?? takesValue}`).toBe(`${name} takes ${takesValue}`);
      types.set(name, takesValue);
    }
  }
  expect(types.size).toBeGreaterThan(10);
});

test('format and command can be seen in a command line that is refused', () => {
  expect(guessFormat(['migrate', '--nope', '--format', 'json'])).toBe('json');
  expect(guessFormat(['--format=json'])).toBe('json');
  expect(guessFormat(['migrate'])).toBeNull();
  expect(guessCommand(['--nope', 'nothing'])).toBeNull();
  expect(guessCommand(['--nope', 'migrate'])).toBe('migrate');
  expect(guessCommand(['migrate', '--nope'])).toBe('migrate');
});
