import { sql } from 'drizzle-orm';
import { index, pgEnum, pgTable, timestamp, uuid } from 'drizzle-orm/pg-core';
import { tools } from './tools.ts';
import { users } from './users.ts';

export const chatSessionState = pgEnum('chat_session_state', ['draft', 'active', 'completed', 'archived']);

/** One conversation of one user with one tool. */
export const chatSessions = pgTable(
  'chat_sessions',
  {
    id: uuid().primaryKey().defaultRandom(),
    toolId: uuid('tool_id')
      .notNull()
      .references(() => tools.id, { onDelete: 'cascade' }),
    userId: uuid('user_id')
      .notNull()
      .references(() => users.id, { onDelete: 'cascade' }),
    state: chatSessionState().notNull().default('active'),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
    lastActivityAt: timestamp('last_activity_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    index('chat_sessions_user_id_idx').on(table.userId),
    index('chat_sessions_running_idx').on(table.toolId).where(sql`${table.state} = 'active'`),
  ],
);
