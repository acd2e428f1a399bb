import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Bytes of one file, about: 300 of them are 400 kB. */
const SIZE = 1_333;

/**
 * Migrations as drizzle-kit writes them, each with some things that linters know: tables with their foreign keys, columns
 * and indexes added to tables of files before. Returns the files, in order.
 */
export function writeLintFiles(count: number, directory: string): readonly string[] {
  mkdirSync(directory, { recursive: true });
  return Array.from({ length: count }, (_, number) => {
    const file = join(directory, `${String(number).padStart(4, '0')}_change.sql`);
    writeFileSync(file, renderFile(number));
    return file;
  });
}

function renderFile(number: number): string {
  const statements = [renderTable(number)];
  const earlier = Math.max(0, number - 1);
  for (let step = 0; statements.join(BREAK).length < SIZE; step += 1) {
    const column = `"note_${number}_${step}"`;
    statements.push(
      step % 2 === 0
        ? `ALTER TABLE "table_${earlier}" ADD COLUMN ${column} varchar(40) DEFAULT 'none';`
        : `CREATE INDEX "table_${earlier}_${number}_${step}" ON "table_${earlier}" USING btree ("title","made_at");`,
    );
  }
  return `${statements.join(BREAK)}\n`;
}

const BREAK = '--> statement-breakpoint\n';

function renderTable(number: number): string {
  const types = ['text NOT NULL', 'bigint', 'numeric(12, 2)', "jsonb DEFAULT '{}'::jsonb NOT NULL"];
  const columns = types.map((type, place) => `\t"column_${place}" ${type},\n`).join('');
  return `CREATE TABLE "table_${number}" (
\t"id" bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
\t"title" text NOT NULL,
${columns}\t"parent_id" bigint REFERENCES "public"."table_${Math.max(0, number - 1)}"("id"),
\t"made_at" timestamp with time zone DEFAULT now() NOT NULL
);
`;
}
