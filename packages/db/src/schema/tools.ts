import { boolean, index, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';
import { groups } from './groups.ts';
import { users } from './users.ts';

/** An assistant that a teacher prepared for a group: a name, instructions, and the model that answers. */
export const tools = pgTable(
  'tools',
  {
    id: uuid().primaryKey().defaultRandom(),
    groupId: uuid('group_id')
      .notNull()
      .references(() => groups.id, { onDelete: 'cascade' }),
    /** The tool outlives its author. */
    authorId: uuid('author_id').references(() => users.id, { onDelete: 'set null' }),
    name: text().notNull(),
    instructions: text().notNull().default(''),
    model: text().notNull(),
    published: boolean().notNull().default(false),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  },
  (table) => [index('tools_group_id_idx').on(table.groupId), index('tools_author_id_idx').on(table.authorId)],
);
