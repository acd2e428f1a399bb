import { describe, expect, it } from 'vitest';
import type { ServerError } from '../kernel/errors.ts';
import { type Circumstances, forgive, mayBeForgiven } from './forgive.ts';

const AS_IT_IS: Circumstances = { unit: 'transaction', atomic: true, missing: null, added: [] };
const error = (sqlstate: string, message = 'no'): ServerError => ({ sqlstate, message, severity: 'ERROR' });
const missing = (kind: 'nothing' | 'objects' | 'anything') => ({ kind, where: 'line 1 of 0000_m' });

describe('A failure is no failure of the migration', () => {
  it('where the statement commits by itself and a rehearsal does not let it', () => {
    const alone = { ...AS_IT_IS, unit: 'autocommit', atomic: false } as const;
    for (const sqlstate of ['25001', '2D000', '0B000']) {
      expect(forgive(error(sqlstate), alone)).toMatchObject({ missing: 'anything' });
      expect(forgive(error(sqlstate), AS_IT_IS)).toBeNull();
    }
    expect(mayBeForgiven(alone)).toBe(true);
    expect(mayBeForgiven({ ...alone, atomic: true })).toBe(false);
  });

  it.each([
    ['objects', '42P01', true],
    ['objects', '42P07', true],
    ['objects', '23502', false],
    ['objects', '22012', false],
    ['anything', '42704', true],
    ['anything', '23502', true],
    ['anything', '22012', false],
    ['anything', '42601', false],
    ['nothing', '42P01', false],
  ] as const)('where %s may be missing: %s %s', (kind, sqlstate, isForgiven) => {
    const circumstances = { ...AS_IT_IS, missing: missing(kind) };
    expect(forgive(error(sqlstate), circumstances) !== null).toBe(isForgiven);
    expect(mayBeForgiven(circumstances)).toBe(kind !== 'nothing');
  });

  it.each([
    ['unsafe use of new value "bad" of enum type mood', true],
    ['unsichere Verwendung des neuen Werts »bad« des Enum-Typs mood', true],
    ['unsafe use of new value "bad" of enum type other.mood', true],
    ['unsafe use of new value "badly" of enum type mood', false],
    ['unsafe use of new value "bad" of enum type moods', false],
    ['unsafe use of new value "not bad" of enum type humour', false],
  ])('of a value that an earlier migration added: %s', (message, isForgiven) => {
    const circumstances = { ...AS_IT_IS, added: [{ type: 'mood', label: 'bad' }] };
    expect(forgive(error('55P04', message), circumstances) !== null).toBe(isForgiven);
    expect(forgive(error('55P04', message), AS_IT_IS)).toBeNull();
  });

  it('and never where nothing was left out', () => {
    expect(mayBeForgiven(AS_IT_IS)).toBe(false);
    expect(forgive(error('42P01'), AS_IT_IS)).toBeNull();
  });
});
