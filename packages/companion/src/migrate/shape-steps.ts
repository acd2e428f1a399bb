import type { Finding } from '../kernel/finding.ts';
import type { MigrationOnDisk } from '../kernel/migration.ts';
import type { PlanStep } from '../kernel/plan.ts';
import { describeUnknownDirective } from '../sql/directives.ts';
import { locateOffset } from '../sql/locate.ts';
import { loadSqlParser } from '../sql/parser.ts';
import { shapeMigration } from '../sql/shape-migration.ts';
import { skipBlank } from '../sql/skip-blank.ts';
import { needsParser } from '../sql/split-statements.ts';
import { statementTitle } from '../sql/statement-title.ts';

export type ShapedSteps = { readonly steps: readonly PlanStep[]; readonly findings: readonly Finding[] };

/** Cuts migrations into units. PostgreSQL's parser is loaded only when one of them needs it. */
export async function shapeSteps(migrations: readonly MigrationOnDisk[]): Promise<ShapedSteps> {
  const parser = migrations.some((migration) => needsParser(migration.sql)) ? await loadSqlParser() : null;
  const findings: Finding[] = [];
  const steps = migrations.map((migration): PlanStep => {
    const shape = shapeMigration(migration.sql, parser);
    for (const directive of shape.unknownDirectives) {
      findings.push({
        code: 'plan/unknown-directive',
        level: 'error',
        ...describeUnknownDirective(directive),
        migration: migration.name,
        file: migration.file,
        ...locateOffset(migration.sql, directive.offset),
        docs: 'docs/findings.md#planunknown-directive',
      });
    }
    for (const { text, offset } of shape.copyStreams) {
      findings.push({
        code: 'plan/copy-stream',
        level: 'error',
        message: `${migration.name} copies from or to the client: ${statementTitle(text)}`,
        migration: migration.name,
        file: migration.file,
        ...locateOffset(migration.sql, skipBlank(migration.sql, offset)),
        hint: 'The data of such a COPY follows in the connection, for which a file has no place. Write INSERT statements (pg_dump --inserts), or load the data outside of migrations.',
        docs: 'docs/findings.md#plancopy-stream',
      });
    }
    return {
      migration,
      transaction: shape.transaction,
      units: shape.units,
      ...(shape.reason !== undefined && { reason: shape.reason }),
    };
  });
  return { steps, findings };
}
