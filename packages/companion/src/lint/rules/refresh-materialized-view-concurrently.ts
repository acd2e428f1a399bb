import { insertAfter, rewritten } from '../advice/edits.ts';
import { keyOfName, nameOfRelation, type QualifiedName, showName } from '../facts/names.ts';
import type { SchemaFacts, TableFacts } from '../facts/schema-facts.ts';
import type { LintMigration, LintStatement } from '../migration.ts';
import { standalone } from '../reading/standalone.ts';
import { defineRule } from '../rule.ts';

export const refreshMaterializedViewConcurrently = defineRule({
  id: 'refresh-materialized-view-concurrently',
  family: 'locking',
  level: 'error',
  title: 'REFRESH MATERIALIZED VIEW keeps readers out until its query is done',
  of: ['RefreshMatViewStmt'],
  statement(statement, { facts, migrations, parser }) {
    const { node } = statement;
    if (!('RefreshMatViewStmt' in node) || node.RefreshMatViewStmt.relation === undefined) return [];
    const { concurrent, skipData, relation } = node.RefreshMatViewStmt;
    const name = nameOfRelation(relation);
    const view = facts.table(name);
    const shown = showName(name);
    const empty = isEmpty(view, statement, migrations);
    const unique = hasUniqueIndex(name, facts);
    if (concurrent) {
      const reason = empty
        ? `${shown} was never populated`
        : view?.born && !unique
          ? `No migration makes a unique index over plain columns and all rows of ${shown}`
          : null;
      if (reason === null) return [];
      const own = standalone(statement, parser);
      const token = own.tokens().find(({ keyword }) => keyword === 'concurrently');
      const edit = token === undefined ? null : { start: token.start - 1, end: token.end, text: '' };
      return [
        {
          statement,
          message: `${reason}: PostgreSQL refuses to refresh it CONCURRENTLY (${empty ? '0A000' : '55000'}), and the migration fails here.`,
          hint: empty
            ? 'Fill it for the first time without CONCURRENTLY; nobody can read it before that.'
            : 'Make the unique index first.',
          ...(empty && edit !== null
            ? { rewrite: [{ title: 'this migration', sql: rewritten(own, [edit]) }] }
            : {}),
        },
      ];
    }
    if (empty || facts.isNew(view, statement)) return [];
    if (skipData) {
      return [
        {
          statement,
          message: `REFRESH … WITH NO DATA empties ${shown}: from then on every query that reads it fails (55000), until it is refreshed with data.`,
          hint: 'Leave WITH NO DATA out, unless nothing reads the view any more.',
        },
      ];
    }
    const own = standalone(statement, parser);
    const edit = insertAfter(own, ['view'], ' CONCURRENTLY');
    if (edit === null) return [];
    return [
      {
        statement,
        growsWith: name,
        message: `REFRESH locks ${shown} against reads (ACCESS EXCLUSIVE) until its whole query is done and its indexes are built: every SELECT on it waits as long as that takes.`,
        hint: unique
          ? 'With CONCURRENTLY readers see the old rows until the new ones are there. It takes longer, and is allowed in a transaction.'
          : 'With CONCURRENTLY readers see the old rows until the new ones are there. It needs a unique index over plain columns, without WHERE; without one PostgreSQL refuses it (55000).',
        rewrite: [
          { title: unique ? 'this migration' : 'once it has a unique index', sql: rewritten(own, [edit]) },
        ],
        ...(unique && !statement.nested ? { edits: [edit] } : {}),
      },
    ];
  },
});

function hasUniqueIndex(view: QualifiedName, facts: SchemaFacts): boolean {
  return facts
    .indexesOf(view)
    .some(({ unique, partial, columns }) => unique && !partial && columns.every((column) => column !== null));
}

/** Made WITH NO DATA, and not refreshed by anything that was read since. */
function isEmpty(
  view: TableFacts | null,
  statement: LintStatement,
  migrations: readonly LintMigration[],
): boolean {
  const born = view?.born ?? null;
  if (view === null || born === null || !('CreateTableAsStmt' in born.node)) return false;
  if (born.node.CreateTableAsStmt.into?.skipData !== true) return false;
  const before = migrations
    .slice(0, migrations.indexOf(statement.migration) + 1)
    .flatMap((one) =>
      one === statement.migration ? one.statements.slice(0, statement.index) : one.statements,
    );
  return !before.some(({ node }) => {
    if (!('RefreshMatViewStmt' in node) || node.RefreshMatViewStmt.relation === undefined) return false;
    const { relation, skipData } = node.RefreshMatViewStmt;
    return !skipData && keyOfName(nameOfRelation(relation)) === keyOfName(view.name);
  });
}
