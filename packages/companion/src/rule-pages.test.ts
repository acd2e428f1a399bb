import { expect, test } from 'vitest';
import { LINT_CODES } from './kernel/lint-codes.ts';
import { findSection, readRulePage } from './rule-pages.ts';

test('every rule has a page that says what happens', () => {
  for (const code of Object.keys(LINT_CODES)) {
    const page = readRulePage(code.replace('lint/', ''));
    expect([code, page?.startsWith(`# ${code}\n`)]).toEqual([code, true]);
    expect([code, findSection(page ?? '', 'What happens')]).toEqual([code, expect.stringMatching(/\S/)]);
  }
});

test('a section ends at the next heading, and the last with the page', () => {
  const page = '# a\n\n## One\n\nfirst\n\n## Two\n\nsecond\n\n### more\n';
  expect(findSection(page, 'One')).toBe('first');
  expect(findSection(page, 'Two')).toBe('second\n\n### more');
  expect(findSection(page, 'Three')).toBeNull();
});

test('what is no rule has none', () => {
  expect(readRulePage('nope')).toBeNull();
});
