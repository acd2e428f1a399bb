import type { Catalog, CatalogEntity, CatalogPart } from '../../catalog/catalog.ts';
import { entityKey } from '../../catalog/entity-key.ts';
import type { Finding } from '../../kernel/finding.ts';
import { quoteIdentifier, quoteQualified } from '../../sql/quote.ts';
import { nameSubject } from '../shadow/describe-part.ts';

const FACTS = ['not validated', 'not null not validated'];

/**
 * Constraints that hold for new rows alone. Validated by the migrations, and not here: a warning. Left so by the migrations,
 * or where no migrations are known (`made` is null): told. Pure.
 */
export function describeUnvalidated(live: Catalog, made: Catalog | null): readonly Finding[] {
  const known = new Map((made?.entities ?? []).map((entity) => [entityKey(entity), entity]));
  return live.entities.flatMap((entity) =>
    entity.parts.filter(isUnvalidated).flatMap((part) => {
      const counterpart = known
        .get(entityKey(entity))
        ?.parts.find((one) => one.kind === part.kind && one.name === part.name);
      // What no migration makes is told to be so.
      const isAdded = made !== null && counterpart === undefined;
      return isAdded ? [] : describe(entity, part, counterpart);
    }),
  );
}

function describe(entity: CatalogEntity, part: CatalogPart, made: CatalogPart | undefined): Finding {
  const { kind, schema, name } = entity;
  const subject = nameSubject({ change: 'changed', kind, schema, name, part, facts: [] });
  const isValidated = made !== undefined && !isUnvalidated(made);
  const what = part.kind === 'column' ? 'its NOT NULL is NOT VALID' : 'is NOT VALID';
  const why = isValidated ? '; the migrations validate it' : '';
  return {
    code: 'database/unvalidated-constraint',
    level: isValidated ? 'warning' : 'info',
    message: `${subject}: ${what}${why}: rows from before may break it`,
    hint: `VALIDATE reads all rows while others go on reading and writing, and fails where one breaks it.${isValidated ? '' : ' In a migration, so that every database has it:'}`,
    rewrite: [{ sql: validateSql(entity, part) }],
    docs: 'docs/findings.md#databaseunvalidated-constraint',
  };
}

function validateSql({ kind, schema, name }: CatalogEntity, part: CatalogPart): string {
  const relation = quoteQualified(schema, name);
  if (part.kind === 'column')
    return `ALTER TABLE ${relation} ALTER COLUMN ${quoteIdentifier(part.name)} SET NOT NULL;`;
  return `ALTER ${kind === 'domain' ? 'DOMAIN' : 'TABLE'} ${relation} VALIDATE CONSTRAINT ${quoteIdentifier(part.name)};`;
}

function isUnvalidated({ facts }: CatalogPart): boolean {
  return FACTS.some((fact) => fact in facts);
}
