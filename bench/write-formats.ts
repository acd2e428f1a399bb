import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchMigration } from './history.ts';

/** The same history in everybody's own format; absolute paths. */
export type Formats = {
  readonly drizzle: string;
  readonly dbmate: string;
  readonly nodePgMigrate: string;
  /** One file, for psql. */
  readonly script: string;
};

/** Writes a history below `directory`, which exists. */
export function writeFormats(history: readonly BenchMigration[], directory: string): Formats {
  const formats: Formats = {
    drizzle: join(directory, 'drizzle'),
    dbmate: join(directory, 'dbmate'),
    nodePgMigrate: join(directory, 'node-pg-migrate'),
    script: join(directory, 'all.sql'),
  };
  mkdirSync(join(formats.drizzle, 'meta'), { recursive: true });
  mkdirSync(formats.dbmate);
  mkdirSync(formats.nodePgMigrate);

  for (const { tag, when, statements } of history) {
    const sql = statements.join('\n');
    const name = tag.replace(/^\d+_/, '');
    writeFileSync(join(formats.drizzle, `${tag}.sql`), joinAsDrizzle(statements));
    writeFileSync(
      join(formats.dbmate, `${stamp(when)}_${name}.sql`),
      `-- migrate:up\n${sql}\n-- migrate:down\n`,
    );
    writeFileSync(join(formats.nodePgMigrate, `${when}_${name}.sql`), `-- Up Migration\n${sql}\n`);
  }
  writeFileSync(join(formats.drizzle, 'meta', '_journal.json'), renderJournal(history));
  writeFileSync(formats.script, history.flatMap(({ statements }) => statements).join('\n'));
  return formats;
}

/** drizzle-kit puts the breakpoint on a line of its own after a table, and behind every other statement. */
function joinAsDrizzle(statements: readonly string[]): string {
  return statements.join('--> statement-breakpoint\n');
}

function renderJournal(history: readonly BenchMigration[]): string {
  const entries = history.map(({ tag, when }, idx) => ({ idx, version: '7', when, tag, breakpoints: true }));
  return JSON.stringify({ version: '7', dialect: 'postgresql', entries }, null, 2);
}

/** `20240101000000`, in UTC. */
function stamp(when: number): string {
  return new Date(when).toISOString().replace(/\D/g, '').slice(0, 14);
}
