import { FIRST_WHEN } from '@companion/testing';

/** The small project that the pages tell of: what its migrations hold, in their order. */
export const HISTORY: readonly { readonly name: string; readonly sql: string }[] = [
  {
    name: '0000_users',
    sql: 'CREATE TABLE "users" (\n\t"id" serial PRIMARY KEY NOT NULL,\n\t"email" text NOT NULL\n);\n',
  },
  {
    name: '0001_orders',
    sql: [
      `CREATE TYPE "public"."order_status" AS ENUM('open', 'paid');--> statement-breakpoint`,
      'CREATE TABLE "orders" (\n\t"id" serial PRIMARY KEY NOT NULL,\n\t"user_id" integer NOT NULL,\n\t"status" "order_status" DEFAULT \'open\' NOT NULL\n);\n--> statement-breakpoint',
      'ALTER TABLE "orders" ADD CONSTRAINT "orders_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id");\n',
    ].join('\n'),
  },
  { name: '0002_orders_note', sql: 'ALTER TABLE "orders" ADD COLUMN "note" text;\n' },
  {
    name: '0003_orders_status_idx',
    sql: 'CREATE INDEX CONCURRENTLY "orders_status_idx" ON "orders" USING btree ("status");\n',
  },
];

const CONFIG = `import { defineConfig } from 'drizzle-kit';

export default defineConfig({
  dialect: 'postgresql',
  schema: './src/schema.ts',
  out: './drizzle',
  dbCredentials: { url: process.env.DATABASE_URL ?? '' },
});
`;

const SCHEMA = `import { integer, pgEnum, pgTable, serial, text } from 'drizzle-orm/pg-core';

export const users = pgTable('users', {
  id: serial().primaryKey(),
  email: text().notNull(),
});

export const orderStatus = pgEnum('order_status', ['open', 'paid']);

export const orders = pgTable('orders', {
  id: serial().primaryKey(),
  userId: integer('user_id').notNull().references(() => users.id),
  status: orderStatus().notNull().default('open'),
  note: text(),
});
`;

const JOURNAL = {
  version: '7',
  dialect: 'postgresql',
  entries: HISTORY.map(({ name }, idx) => ({
    idx,
    version: '7',
    when: FIRST_WHEN + idx * 3_600_000,
    tag: name,
    breakpoints: true,
  })),
};

/** Its files by path. */
export const SHOP: Readonly<Record<string, string>> = {
  'drizzle.config.ts': CONFIG,
  'src/schema.ts': SCHEMA,
  'drizzle/meta/_journal.json': `${JSON.stringify(JOURNAL, null, 2)}\n`,
  ...Object.fromEntries(HISTORY.map(({ name, sql }) => [`drizzle/${name}.sql`, sql])),
};
