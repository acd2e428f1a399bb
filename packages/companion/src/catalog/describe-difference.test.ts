import { describe, expect, it } from 'vitest';
import { describeDifference, summarizeDifference } from './describe-difference.ts';
import type { CatalogDifference, FactDifference } from './difference.ts';

function differs(
  change: CatalogDifference['change'],
  part: CatalogDifference['part'],
  ...facts: FactDifference[]
): CatalogDifference {
  return { change, kind: 'table', schema: 'public', name: 'users', part, facts };
}

const age = { kind: 'column', name: 'age' } as const;
const index = { kind: 'index', name: 'users_mood' } as const;
const fact = (name: string, expected: string | null, actual: string | null) => ({
  fact: name,
  expected,
  actual,
});

describe('describeDifference', () => {
  it('tells what is missing, and what it was', () => {
    expect(describeDifference(differs('missing', age, fact('type', 'smallint', null)))).toEqual([
      'table users: column age is missing',
      '  smallint',
    ]);
  });

  it('tells what nobody expected', () => {
    const difference = { ...differs('added', null), schema: 'billing' };
    expect(describeDifference(difference)).toEqual(['table billing.users is not expected']);
  });

  it('tells one fact with both texts below', () => {
    expect(describeDifference(differs('changed', index, fact('definition', 'CREATE 1', 'CREATE 2')))).toEqual(
      ['table users: index users_mood: definition', '  expected  CREATE 1', '  actual    CREATE 2'],
    );
  });

  it('names each of several facts', () => {
    const facts = [fact('type', 'int', 'text'), fact('not null', 'yes', null)];
    expect(describeDifference(differs('changed', age, ...facts))).toEqual([
      'table users: column age: type, not null',
      '  type',
      '    expected  int',
      '    actual    text',
      '  not null',
      '    expected  yes',
      '    actual    none',
    ]);
  });

  it('shows of long texts the lines that differ and their neighbours', () => {
    const body = ['f()', ' a', ' b', ' c', ' d', ' e', ' f', ' g'];
    const changed = body.with(4, ' D');
    expect(
      describeDifference(differs('changed', null, fact('definition', body.join('\n'), changed.join('\n')))),
    ).toEqual([
      'table users: definition',
      '    …',
      '     b',
      '     c',
      '  -  d',
      '  +  D',
      '     e',
      '     f',
      '    …',
    ]);
  });

  it('tells a new name', () => {
    expect(summarizeDifference(differs('renamed', index, fact('name', 'users_mood', 'users_mood1')))).toBe(
      'table users: index users_mood is called users_mood1',
    );
  });
});
