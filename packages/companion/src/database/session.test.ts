import { createDatabase, describeEachPostgres } from '@companion/testing';
import { expect, it } from 'vitest';
import { configureSession, openSession, withTimeouts } from './session.ts';

const silent = () => undefined;

describeEachPostgres('a session', (server) => {
  it('sets nothing of its own accord, and what it is told for the whole of itself', async () => {
    const { url } = await server.createDatabase();
    const session = await openSession({ url }, 0, undefined, silent);
    const read = () =>
      session.query(
        "SELECT current_setting('lock_timeout'), current_setting('statement_timeout'), current_setting('idle_in_transaction_session_timeout'), current_setting('client_connection_check_interval')",
      );
    expect(await read()).toEqual([['0', '0', '0', '0']]);
    await configureSession(session, { lockTimeoutMs: 1500, statementTimeoutMs: 60_000 });
    expect(await read()).toEqual([['1500ms', '1min', '1min', '2s']]);
    await session.close();
  });

  it('reads with time-outs that end with each query', async () => {
    const { url } = await server.createDatabase();
    const session = await openSession({ url }, 0, undefined, silent);
    const reading = withTimeouts(session, { lockTimeoutMs: 100, statementTimeoutMs: 200 });
    expect(await reading.query("SELECT current_setting('lock_timeout')")).toEqual([['100ms']]);
    expect(await session.query("SELECT current_setting('lock_timeout')")).toEqual([['0']]);
    await session.close();
  });

  it('answers an empty result, and several statements with the rows of the last', async () => {
    const { url } = await server.createDatabase();
    const session = await openSession({ url }, 0, undefined, silent);
    expect(await session.query('SELECT 1 WHERE false')).toEqual([]);
    expect(await session.query("SELECT 'a'; SELECT 'b'")).toEqual([['b']]);
    expect(await session.query('')).toEqual([]);
    await session.close();
  });
});

it('rolls a transaction back when one statement fails, and tells that one', async () => {
  const { url, sql } = await createDatabase();
  const session = await openSession({ url }, 0, undefined, silent);
  await expect(
    session.transaction(['CREATE TABLE a ()', 'SELECT 1/0', 'CREATE TABLE b ()']),
  ).rejects.toMatchObject({
    fields: { server: { sqlstate: '22012' } },
  });
  expect(await sql`select to_regclass('a') as a, to_regclass('b') as b`).toEqual([{ a: null, b: null }]);
  await session.close();
});
