import { FIRST_WHEN, foldersFolder, journalFolder, type TestFolder } from '@companion/testing';
import type { Layout } from '../src/index.ts';

const MINUTE = 60_000;

/** Writes migrations, a minute apart, in either layout; names are given without number or timestamp. */
export function writeHistory(
  layout: Layout,
  entries: readonly { readonly name: string; readonly sql: string }[],
): TestFolder {
  const named = entries.map(({ name, sql }, index) => ({ name: migrationName(layout, name, index), sql }));
  return layout === 'journal' ? journalFolder(named) : foldersFolder(named);
}

/** `0003_name`, or `20240101000300_name`. */
export function migrationName(layout: Layout, name: string, index: number): string {
  const prefix =
    layout === 'journal'
      ? String(index).padStart(4, '0')
      : new Date(FIRST_WHEN + index * MINUTE).toISOString().replaceAll(/\D/g, '').slice(0, 14);
  return `${prefix}_${name}`;
}

/** What drizzle-kit does not write and people do, as far as stock drizzle can run it. */
export const SMALL_HISTORY: readonly { readonly name: string; readonly sql: string }[] = [
  {
    name: 'breakpoints',
    sql: `CREATE TYPE "public"."mood" AS ENUM('ok', 'not; ok');--> statement-breakpoint
CREATE TABLE "notes" ("id" serial PRIMARY KEY, "mood" "mood" DEFAULT 'ok' NOT NULL, "text" text);
`,
  },
  {
    name: 'several_statements_without_breakpoints',
    sql: `CREATE TABLE "tags" ("id" integer PRIMARY KEY); -- a semicolon; in a comment
CREATE INDEX "notes_text_idx" ON "notes" ("text");
/* and; here /* nested; */ */ ALTER TABLE "notes" ADD COLUMN "tag" integer REFERENCES "tags" ("id");`,
  },
  {
    name: 'dollar_quotes',
    sql: `CREATE FUNCTION "touch"() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  NEW."text" := coalesce(NEW."text", $$;$$); RETURN NEW;
END $body$;
CREATE TRIGGER "notes_touch" BEFORE UPDATE ON "notes" FOR EACH ROW EXECUTE FUNCTION "touch"();`,
  },
  {
    name: 'carriage_returns',
    sql: [
      'ALTER TABLE "notes" ADD COLUMN "line" text',
      "  DEFAULT 'first",
      "second';--> statement-breakpoint",
      'CREATE FUNCTION "lines"() RETURNS text LANGUAGE sql AS $$',
      '  SELECT 1::text;',
      '$$;',
      '',
    ].join('\r\n'),
  },
  {
    name: 'data',
    sql: `INSERT INTO "tags" VALUES (1), (2);--> statement-breakpoint
DO $$ BEGIN INSERT INTO "notes" ("text", "tag") SELECT 'n' || "id", "id" FROM "tags"; END $$;
-->statement-breakpoint is not one
UPDATE "notes" SET "mood" = 'not; ok' WHERE "tag" = 2;`,
  },
  { name: 'trailing_breakpoint', sql: 'CREATE VIEW "v" AS SELECT 1 AS "one";--> statement-breakpoint\n' },
  { name: 'comment_alone', sql: '-- Custom SQL migration file, put your code below! --' },
  { name: 'empty', sql: '' },
];
