import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { History } from '../../folder/history.ts';
import { readPicture } from '../../folder/picture/read-picture.ts';
import { CompanionError } from '../../kernel/errors.ts';
import type { Finding } from '../../kernel/finding.ts';
import { readSchema } from '../../kit/read-schema.ts';
import type { SchemaProject } from '../../kit/schema-project.ts';
import { compareSnapshots } from './compare-snapshots.ts';
import { describeDrift } from './describe-drift.ts';

export type { SchemaProject } from '../../kit/schema-project.ts';

/**
 * Does the schema code say what the newest snapshot says? Silent exactly where `drizzle-kit generate` has nothing
 * to write. The project's own drizzle-kit reads the schema, in a process of its own.
 * What could not be read of the snapshots stands in `history.faults`; while anything does, nothing is compared.
 * @throws CompanionError `settings-invalid`: no drizzle-kit, a schema that cannot be read, snapshots of another version.
 */
export async function diagnoseDrift(project: SchemaProject, history: History): Promise<readonly Finding[]> {
  if (history.snapshots === null || history.faults.some(({ code }) => code === 'snapshots/unreadable'))
    return [];
  const { schema, newest, modules } = await readSchema(project, history.snapshots);
  refuseEmptySchema(project, schema, newest);
  const changes = compareSnapshots(newest, schema);
  if (changes.length === 0) return [];
  const sources = modules.map((file) => ({ file, text: readFileSync(file, 'utf8') }));
  return changes.map((change) => describeDrift(change, sources));
}

/** A glob that has lost its files looks like a schema from which all was removed. */
function refuseEmptySchema({ configFile }: SchemaProject, schema: unknown, newest: unknown): void {
  const count = readPicture(newest).length;
  if (count === 0 || readPicture(schema).length > 0) return;
  throw new CompanionError('settings-invalid', {
    message: `${basename(configFile)}: schema names files that export no table, while the newest snapshot has ${count} ${count === 1 ? 'entity' : 'entities'}.`,
    hint: 'drizzle-kit generate would drop them all. Name the files that export the tables; only what is exported counts.',
    place: { file: configFile, line: 1, column: 1 },
  });
}
