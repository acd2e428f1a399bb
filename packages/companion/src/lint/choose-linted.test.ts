import { expect, test } from 'vitest';
import { chooseLinted } from './choose-linted.ts';

const MIGRATIONS = ['0000_a', '0001_b', '0002_c', '0003_d'].map((name) => ({ name, file: name, sql: '' }));

function choose(deployed: readonly string[] | null, linted: readonly string[]) {
  return chooseLinted({
    migrations: MIGRATIONS,
    deployed: deployed === null ? null : new Set(deployed),
    isLinted: (name) => linted.includes(name),
  }).map((source) => `${source.name} ${source.batch}${source.linted ? ' linted' : ''}`);
}

test('what is new is one deployment, what is deployed was one each', () => {
  expect(choose(['0000_a', '0001_b'], ['0002_c', '0003_d'])).toEqual([
    '0000_a 0',
    '0001_b 1',
    '0002_c 4 linted',
    '0003_d 4 linted',
  ]);
});

test('one that came with a merge stands between new ones, and was deployed by itself', () => {
  expect(choose(['0000_a', '0002_c'], ['0001_b', '0003_d'])).toEqual([
    '0000_a 0',
    '0001_b 4 linted',
    '0002_c 2',
    '0003_d 4 linted',
  ]);
});

test('where nothing is known, each is by itself', () => {
  expect(choose(null, ['0000_a', '0001_b', '0002_c', '0003_d'])).toEqual([
    '0000_a 0 linted',
    '0001_b 1 linted',
    '0002_c 2 linted',
    '0003_d 3 linted',
  ]);
});

test('what comes after the last linted one is not read; without one nothing is', () => {
  expect(choose([], ['0001_b'])).toEqual(['0000_a 4', '0001_b 4 linted']);
  expect(choose([], [])).toEqual([]);
});
