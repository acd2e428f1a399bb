import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { binOf } from './contenders.ts';
import { MIGRATIONS_PER_TABLE, makeHistory } from './history.ts';
import { writeFormats } from './write-formats.ts';

type Table = {
  columns: Record<string, { default?: unknown }>;
  indexes: Record<string, unknown>;
  uniqueConstraints: Record<string, unknown>;
};
type Snapshot = { id: string; prevId: string; tables: Record<string, Table> };

const GENESIS = '00000000-0000-0000-0000-000000000000';

/**
 * A project whose schema code, history and snapshots agree, so that nothing is to be generated: what a commit of
 * something else pays. The snapshot of the end is drizzle-kit's own; those before it have what was there by then.
 */
export function writeCheckProject(count: number, directory: string): void {
  symlinkSync(join(import.meta.dirname, 'node_modules'), join(directory, 'node_modules'));
  writeFileSync(join(directory, 'package.json'), '{ "private": true, "type": "module" }\n');
  writeFileSync(join(directory, 'schema.ts'), renderSchema(count));
  writeConfig(directory, 'end');
  execFileSync(process.execPath, [binOf('drizzle-kit'), 'generate', '--name', 'end'], {
    cwd: directory,
    stdio: 'pipe',
  });
  const end: Snapshot = JSON.parse(readFileSync(join(directory, 'end/meta/0000_snapshot.json'), 'utf8'));
  rmSync(join(directory, 'end'), { recursive: true });

  const { drizzle } = writeFormats(makeHistory(count), directory);
  for (let index = 0; index < count; index += 1) {
    const file = join(drizzle, 'meta', `${String(index).padStart(4, '0')}_snapshot.json`);
    writeFileSync(file, JSON.stringify(cutSnapshot(end, index), null, 2));
  }
  writeConfig(directory, 'drizzle');
}

/** The same project in a repository, with a page staged that no check looks at. */
export function stageSomethingElse(directory: string): void {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: directory, stdio: 'pipe' });
  git('init', '--quiet');
  git('config', 'user.name', 'bench');
  git('config', 'user.email', 'bench@example.org');
  writeFileSync(join(directory, '.gitignore'), 'node_modules\n');
  git('add', '.');
  git('commit', '--quiet', '--message', 'Everything');
  mkdirSync(join(directory, 'docs'));
  writeFileSync(join(directory, 'docs/page.md'), 'A page.\n');
  git('add', '.');
}

function writeConfig(directory: string, out: string): void {
  const config = `export default { dialect: 'postgresql', schema: './schema.ts', out: './${out}' };\n`;
  writeFileSync(join(directory, 'drizzle.config.ts'), config);
}

/** The state after the migration at `index`; `change` in history.ts says what each of four does. */
function cutSnapshot(end: Snapshot, index: number): Snapshot {
  const newest = Math.floor(index / MIGRATIONS_PER_TABLE);
  const tables = Object.fromEntries(
    Object.entries(end.tables).flatMap(([key, table]) => {
      const number = Number(key.replace(/^.*_/, ''));
      if (number > newest) return [];
      return [
        [key, number < newest ? table : cutTable(structuredClone(table), index % MIGRATIONS_PER_TABLE)],
      ];
    }),
  );
  return { ...end, id: idOf(index), prevId: index === 0 ? GENESIS : idOf(index - 1), tables };
}

function cutTable(table: Table, step: number): Table {
  if (step < 1) {
    delete table.columns.archived_at;
    delete table.columns.email;
  }
  if (step < 2) {
    table.indexes = Object.fromEntries(
      Object.entries(table.indexes).filter(([name]) => !/_name_idx$/.test(name)),
    );
  }
  if (step < 3) {
    delete table.columns.settings?.default;
    table.uniqueConstraints = {};
  }
  return table;
}

function idOf(index: number): string {
  return `00000000-0000-4000-8000-${String(index + 1).padStart(12, '0')}`;
}

/** What the history leaves behind, as somebody would have written it. */
function renderSchema(count: number): string {
  const tables = Array.from({ length: Math.ceil(count / MIGRATIONS_PER_TABLE) }, (_, number) => {
    const step = Math.min(3, count - 1 - number * MIGRATIONS_PER_TABLE);
    const table = `table_${number}`;
    const before = `table_${Math.max(0, number - 1)}`;
    const reference = number === 0 ? `(): AnyPgColumn => ${before}.id` : `() => ${before}.id`;
    const lines = [
      `  id: uuid('id').primaryKey().defaultRandom(),`,
      `  parentId: uuid('parent_id').references(${reference}, { onDelete: 'cascade' }),`,
      `  name: text('name').notNull(),`,
      `  position: integer('position').notNull().default(0),`,
      `  settings: jsonb('settings')${step < 3 ? '' : '.default({})'},`,
      `  createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),`,
      ...(step < 1
        ? []
        : [
            `  archivedAt: timestamp('archived_at', { withTimezone: true }),`,
            `  email: text('email')${step < 3 ? '' : `.unique('${table}_email_unique')`},`,
          ]),
    ];
    const indexes = [
      `  index('${table}_parent_id_idx').on(table.parentId),`,
      ...(step < 2 ? [] : [`  index('${table}_name_idx').on(table.name, table.createdAt.desc()),`]),
    ];
    return `export const ${table} = pgTable('${table}', {\n${lines.join('\n')}\n}, (table) => [\n${indexes.join('\n')}\n]);\n`;
  });
  const imports =
    "import { type AnyPgColumn, index, integer, jsonb, pgTable, text, timestamp, uuid } from 'drizzle-orm/pg-core';";
  return `${imports}\n\n${tables.join('\n')}`;
}
