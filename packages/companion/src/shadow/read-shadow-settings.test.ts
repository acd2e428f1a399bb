import { temporaryFolder } from '@companion/testing';
import { expect, test } from 'vitest';
import { CompanionError } from '../kernel/errors.ts';
import { readShadowSettings } from './read-shadow-settings.ts';

const CONFIG = { provider: 'embedded', url: null, extensions: ['vector'], before: null } as const;

test('the flag wins over the provider of the config', async () => {
  expect(await readShadowSettings(CONFIG)).toEqual(CONFIG);
  expect(await readShadowSettings(CONFIG, { url: 'postgres://localhost/x' })).toEqual({
    ...CONFIG,
    provider: 'server',
    url: 'postgres://localhost/x',
  });
});

test('the file of `before` is read, and told when it is not there', async () => {
  const { path } = temporaryFolder({ 'setup.sql': 'CREATE ROLE app;' });
  const before = `${path}/setup.sql`;
  expect((await readShadowSettings({ ...CONFIG, before })).before).toEqual({
    file: before,
    sql: 'CREATE ROLE app;',
  });
  const thrown: unknown = await readShadowSettings({ ...CONFIG, before: `${path}/none.sql` }).catch(
    (error) => error,
  );
  expect(thrown).toBeInstanceOf(CompanionError);
  expect(thrown).toMatchObject({ code: 'settings-invalid' });
});
