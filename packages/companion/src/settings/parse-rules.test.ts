import { expect, test } from 'vitest';
import type { CompanionConfig } from './companion-config.ts';
import { parseRules } from './parse-rules.ts';

function parse(rules: unknown) {
  const faults: string[] = [];
  const parsed = parseRules(rules, (path, message) => void faults.push(`${path} ${message}`));
  return { levels: [...parsed.levels], options: [...parsed.options], faults };
}

test('a level, or a rule of the linter with its options', () => {
  const rules: CompanionConfig['rules'] = {
    'history/crlf': 'error',
    'lint/create-index-concurrently': 'off',
    'lint/wide-index': { level: 'error', options: { columns: 5 } },
    'lint/prefer-bigint': { options: { primaryKeysOnly: false } },
    'lint/syntax-error': {},
  };
  expect(parse(rules)).toEqual({
    levels: [
      ['history/crlf', 'error'],
      ['lint/create-index-concurrently', 'off'],
      ['lint/wide-index', 'error'],
    ],
    options: [
      ['lint/wide-index', { columns: 5 }],
      ['lint/prefer-bigint', { primaryKeysOnly: false }],
    ],
    faults: [],
  });
});

test('the types know options, too', () => {
  // @ts-expect-error an option has the type of its default
  const wrongType: CompanionConfig['rules'] = { 'lint/wide-index': { options: { columns: 'five' } } };
  // @ts-expect-error a rule without options has none
  const none: CompanionConfig['rules'] = { 'lint/syntax-error': { options: { columns: 5 } } };
  // @ts-expect-error findings that are not the linter's have a level alone
  const level: CompanionConfig['rules'] = { 'history/crlf': { level: 'off' } };
  expect([wrongType, none, level].flatMap((rules) => parse(rules).faults)).toHaveLength(3);
});

test.each<[string, unknown, string[]]>([
  [
    'a code that is none',
    { 'lint/create-index-concurently': 'off' },
    [
      'rules["lint/create-index-concurently"] "lint/create-index-concurently" is not a finding; did you mean lint/create-index-concurrently?',
    ],
  ],
  [
    'a level that is none',
    { 'lint/wide-index': { level: 'high' } },
    ['rules["lint/wide-index"].level is "high", and a level is one of off, info, warning, error'],
  ],
  [
    'an option that is none',
    { 'lint/wide-index': { options: { colums: 5 } } },
    ['rules["lint/wide-index"].options.colums is not a key; did you mean columns?'],
  ],
  [
    'a value of another type',
    {
      'lint/wide-index': { options: { columns: '5' } },
      'lint/prefer-bigint': { options: { primaryKeysOnly: 1 } },
    },
    [
      'rules["lint/wide-index"].options.columns is "5", and must be a number',
      'rules["lint/prefer-bigint"].options.primaryKeysOnly is 1, and must be true or false',
    ],
  ],
  [
    'options where there are none',
    { 'lint/syntax-error': { options: {}, levle: 'off' } },
    [
      'rules["lint/syntax-error"].levle is not a key; did you mean level?',
      'rules["lint/syntax-error"].options are not to be had: lint/syntax-error has none',
    ],
  ],
  ['no object', [], ['rules must be an object']],
])('%s is told', (_, rules, faults) => {
  expect(parse(rules).faults).toEqual(faults);
});

test('a rule without its group is told by its code', () => {
  expect(
    parse({ 'drop-column': 'error', 'drop-colum': 'off', 'wide-index': { level: 'off' } }).faults,
  ).toEqual([
    expect.stringContaining('"drop-column" is not a finding; did you mean lint/drop-column?'),
    expect.stringContaining('"drop-colum" is not a finding; did you mean lint/drop-column?'),
    expect.stringContaining('"wide-index" is not a finding; did you mean lint/wide-index?'),
  ]);
});
