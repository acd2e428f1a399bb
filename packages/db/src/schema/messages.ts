import { bigint, index, integer, pgEnum, pgTable, text, timestamp, unique, uuid } from 'drizzle-orm/pg-core';
import { chatSessions } from './chat-sessions.ts';

export const messageRole = pgEnum('message_role', ['user', 'assistant', 'tool']);

export const messages = pgTable(
  'messages',
  {
    id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    chatSessionId: uuid('chat_session_id')
      .notNull()
      .references(() => chatSessions.id, { onDelete: 'cascade' }),
    /** 1-based place in the conversation. */
    position: integer().notNull(),
    role: messageRole().notNull(),
    content: text().notNull(),
    inputTokens: integer('input_tokens').notNull().default(0),
    outputTokens: integer('output_tokens').notNull().default(0),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [
    unique('messages_chat_session_id_position_unique').on(table.chatSessionId, table.position),
    // Retention deletes by age.
    index('messages_created_at_idx').on(table.createdAt).concurrently(),
  ],
);
