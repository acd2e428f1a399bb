import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { releaseAfterTest, withResources } from './clean-up.ts';

test('releases what belongs to each of two pieces of work that overlap, newest first', async () => {
  const released: string[] = [];
  const use = (name: string, ms: number) =>
    withResources(async () => {
      releaseAfterTest(() => void released.push(`${name}1`));
      await sleep(ms);
      releaseAfterTest(() => void released.push(`${name}2`));
      return name;
    });
  const long = use('long', 60);
  expect(await use('short', 5)).toBe('short');
  expect(released).toEqual(['short2', 'short1']);
  await long;
  expect(released).toEqual(['short2', 'short1', 'long2', 'long1']);
});

test('releases after a failure, too, and the failure stays', async () => {
  let released = false;
  const failed = withResources(async () => {
    releaseAfterTest(() => {
      released = true;
    });
    throw new Error('failed');
  });
  await expect(failed).rejects.toThrow('failed');
  expect(released).toBe(true);
});
