import {
  chmodSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@companion/testing';
import { expect, test } from 'vitest';
import { whyUnwritable, writeMended } from './write-mended.ts';

const mended = (file: string) => ({ file, before: 'SELECT 1;\n', after: 'SELECT 2;\n', codes: [] });

test('the file is replaced, with its mode, and nothing is left beside it', () => {
  const { path } = temporaryFolder({ 'a.sql': 'SELECT 1;\n' });
  const file = join(path, 'a.sql');
  chmodSync(file, 0o640);
  expect(whyUnwritable(mended(file))).toBeNull();
  writeMended(mended(file));
  expect(readFileSync(file, 'utf8')).toBe('SELECT 2;\n');
  expect(statSync(file).mode & 0o777).toBe(0o640);
  expect(readdirSync(path)).toEqual(['a.sql']);
});

test('a link stays a link', () => {
  const { path } = temporaryFolder({ 'real/a.sql': 'SELECT 1;\n' });
  const link = join(path, 'b.sql');
  symlinkSync(join(path, 'real/a.sql'), link);
  writeMended(mended(link));
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(path, 'real/a.sql'), 'utf8')).toBe('SELECT 2;\n');
});

test('what was changed meanwhile, or is not UTF-8, is told', () => {
  const { path } = temporaryFolder({ 'a.sql': 'SELECT 3;\n' });
  expect(whyUnwritable(mended(join(path, 'a.sql')))).toBe('it was changed meanwhile');
  const latin = join(path, 'b.sql');
  writeFileSync(latin, Buffer.from([0x2d, 0x2d, 0xe4]));
  expect(whyUnwritable({ ...mended(latin), before: '--\ufffd' })).toBe('it is not UTF-8');
});
