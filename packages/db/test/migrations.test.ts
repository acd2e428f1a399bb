import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createDatabase as createTestDatabase, type TestDatabase } from '@companion/testing';
import { assertMigrated, migrate } from 'drizzle-companion';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  chatSessions,
  createDatabase,
  files,
  groups,
  memberships,
  messages,
  sessions,
  tools,
  users,
} from '../src/index.ts';
import { MIGRATIONS } from './migrations-folder.ts';

const journal: { entries: { tag: string; when: number }[] } = JSON.parse(
  readFileSync(join(MIGRATIONS, 'meta/_journal.json'), 'utf8'),
);

describe('a fresh database', () => {
  let database: TestDatabase;
  let client: ReturnType<typeof createDatabase>;

  beforeAll(async () => {
    database = await createTestDatabase();
    client = createDatabase(database.url);
    await migrate({ url: database.url, folder: MIGRATIONS });
  });
  afterAll(async () => {
    await client?.close();
    await database?.drop();
  });

  test('gets every migration of the journal, in order', async () => {
    const rows = await database.sql`SELECT created_at FROM drizzle.__drizzle_migrations ORDER BY id`;
    expect(rows.map((row) => Number(row.created_at))).toEqual(journal.entries.map((entry) => entry.when));
    await assertMigrated({ url: database.url, folder: MIGRATIONS });
  });

  test('has only valid indexes and validated constraints', async () => {
    const broken = await database.sql`
      SELECT indexrelid::regclass::text AS name FROM pg_index WHERE NOT indisvalid
      UNION ALL SELECT conname FROM pg_constraint WHERE NOT convalidated`;
    expect(broken).toEqual([]);
    const [built] = await database.sql`SELECT to_regclass('messages_created_at_idx')::text AS name`;
    expect(built?.name).toBe('messages_created_at_idx');
  });

  test('takes and gives back a row of every table through the client', async () => {
    const { db } = client;
    const [teacher] = await db
      .insert(users)
      .values({ email: 'ada@school.example', displayName: 'Ada', role: 'teacher' })
      .returning();
    const [group] = await db.insert(groups).values({ name: 'Physics 9b' }).returning();
    if (!teacher || !group) throw new Error('insert returned nothing');
    await db.insert(memberships).values({ groupId: group.id, userId: teacher.id, role: 'lead' });
    await db
      .insert(sessions)
      .values({ userId: teacher.id, tokenHash: 'f00d', expiresAt: new Date('2030-01-01') });
    const [tool] = await db
      .insert(tools)
      .values({ groupId: group.id, authorId: teacher.id, name: 'Lab partner', model: 'small' })
      .returning();
    if (!tool) throw new Error('insert returned nothing');
    const [chat] = await db.insert(chatSessions).values({ toolId: tool.id, userId: teacher.id }).returning();
    if (!chat) throw new Error('insert returned nothing');
    const [message] = await db
      .insert(messages)
      .values({
        chatSessionId: chat.id,
        position: 1,
        role: 'tool',
        content: 'ready',
        createdAt: new Date('2031-01-01'),
      })
      .returning();
    if (!message) throw new Error('insert returned nothing');
    await db.insert(files).values({
      ownerId: teacher.id,
      messageId: message.id,
      name: 'a.pdf',
      mediaType: 'application/pdf',
      sizeBytes: 3,
      storageKey: 'k1',
    });

    const [read] = await db.select().from(chatSessions).where(eq(chatSessions.id, chat.id));
    expect(read).toMatchObject({
      state: 'active',
      userId: teacher.id,
      lastActivityAt: new Date('2031-01-01'),
    });
    expect(await db.select().from(messages)).toMatchObject([
      { content: 'ready', inputTokens: 0, outputTokens: 0 },
    ]);
    expect(await db.select().from(files)).toMatchObject([{ messageId: message.id, sizeBytes: 3 }]);
    expect(await db.select().from(memberships)).toMatchObject([{ role: 'lead' }]);
    expect(await db.select().from(sessions)).toMatchObject([{ tokenHash: 'f00d' }]);
  });

  test('takes one address once, whatever its case', async () => {
    await client.db.insert(users).values({ email: 'Grace@school.example', displayName: 'Grace' });
    const again = client.sql`INSERT INTO users (email, display_name) VALUES ('grace@SCHOOL.example', 'Grace')`;
    await expect(again).rejects.toMatchObject({ code: '23505', constraint_name: 'users_email_lower_unique' });
  });
});
