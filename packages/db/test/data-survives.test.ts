import { createDatabase, type TestDatabase } from '@companion/testing';
import { migrate } from 'drizzle-companion';
import { expect, test } from 'vitest';
import { MIGRATIONS } from './migrations-folder.ts';

/** A user, a group and a tool to hang chat sessions on, in SQL that every stage of the schema understands. */
async function insertTool(database: TestDatabase): Promise<{ toolId: string; userId: string }> {
  const [row] = await database.sql`
    WITH "user" AS (INSERT INTO users (email, display_name) VALUES ('ada@school.example', 'Ada') RETURNING id),
         "group" AS (INSERT INTO groups (name) VALUES ('Physics 9b') RETURNING id),
         tool AS (INSERT INTO tools (group_id, name, model) SELECT id, 'Lab partner', 'small' FROM "group" RETURNING id)
    SELECT tool.id AS tool_id, "user".id AS user_id FROM tool, "user"`;
  return { toolId: row?.tool_id, userId: row?.user_id };
}

test('the enum change carries every old state over to its new one', async () => {
  const database = await createDatabase();
  await migrate({ url: database.url, folder: MIGRATIONS, to: '0012_touch_chat_sessions' });
  const { toolId, userId } = await insertTool(database);
  const [old] = await database.sql`SELECT enum_range(NULL::chat_session_state)::text[] AS states`;
  expect(old?.states).toEqual(['open', 'paused', 'finished', 'aborted']);
  for (const [index, state] of old?.states.entries() ?? []) {
    await database.sql`
      INSERT INTO chat_sessions (tool_id, user_id, state, created_at)
      VALUES (${toolId}, ${userId}, ${state}, ${`2026-01-0${index + 1}T00:00:00Z`})`;
  }

  await migrate({ url: database.url, folder: MIGRATIONS });

  const rows = await database.sql`SELECT state FROM chat_sessions ORDER BY created_at`;
  expect(rows.map((row) => row.state)).toEqual(['active', 'active', 'completed', 'archived']);
  const [added] =
    await database.sql`INSERT INTO chat_sessions (tool_id, user_id) VALUES (${toolId}, ${userId}) RETURNING state`;
  expect(added?.state).toBe('active');
  const [left] = await database.sql`
    SELECT to_regtype('chat_session_state_old')::text AS type,
           pg_get_indexdef('chat_sessions_running_idx'::regclass) LIKE ${"%'active'::chat_session_state%"} AS index`;
  expect(left).toEqual({ type: null, index: true });
});

test('the backfill dates a chat session by its last message, or by its start', async () => {
  const database = await createDatabase();
  await migrate({ url: database.url, folder: MIGRATIONS, to: '0007_users_email_any_case' });
  const { toolId, userId } = await insertTool(database);
  const [spoken] = await database.sql`
    INSERT INTO chat_sessions (tool_id, user_id, created_at) VALUES (${toolId}, ${userId}, '2026-01-01T00:00:00Z') RETURNING id`;
  await database.sql`
    INSERT INTO chat_sessions (tool_id, user_id, created_at) VALUES (${toolId}, ${userId}, '2026-01-02T00:00:00Z')`;
  await database.sql`
    INSERT INTO messages (chat_session_id, position, role, content, created_at) VALUES
      (${spoken?.id}, 1, 'user', 'hello', '2026-01-03T00:00:00Z'),
      (${spoken?.id}, 2, 'assistant', 'hello', '2026-01-04T00:00:00Z')`;

  await migrate({ url: database.url, folder: MIGRATIONS });

  const rows = await database.sql`SELECT last_activity_at FROM chat_sessions ORDER BY created_at`;
  expect(rows.map((row) => row.last_activity_at)).toEqual([new Date('2026-01-04'), new Date('2026-01-02')]);
});
