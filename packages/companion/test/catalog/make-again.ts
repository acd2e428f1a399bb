import type { Catalog, CatalogEntity, CatalogPart } from '../../src/catalog/catalog.ts';
import { quoteIdentifier, quoteLiteral, quoteQualified } from '../../src/sql/quote.ts';

/**
 * Statements that make again, from PostgreSQL's own renderings as `pg_dump` does, what can be made again in its place: what is
 * held afterwards is what PostgreSQL reads in what it printed.
 */
export function makeAgain({ entities }: Catalog): readonly string[] {
  return entities.flatMap((entity) => [
    ...remake(entity),
    ...entity.parts.flatMap((part) => remakePart(entity, part)),
  ]);
}

function remake({ kind, schema, name, facts }: CatalogEntity): readonly string[] {
  const own = quoteQualified(schema, name);
  const { definition = '', options } = facts;
  if (kind === 'function' || kind === 'procedure') return [definition];
  if (kind === 'view')
    return [
      `CREATE OR REPLACE VIEW ${own} ${options === undefined ? '' : `WITH (${options})`} AS ${definition}`,
    ];
  if (kind === 'statistics') return [`DROP STATISTICS ${own}`, definition];
  if (kind === 'domain' && facts.default !== undefined)
    return [`ALTER DOMAIN ${own} SET DEFAULT ${facts.default}`];
  return [];
}

/** What would take other things with it, or say too little of itself, stays. */
function remakePart({ kind, schema, name: owner }: CatalogEntity, part: CatalogPart): readonly string[] {
  const { name, facts } = part;
  const [relation, own] = [quoteQualified(schema, owner), quoteIdentifier(name)];
  const { definition = '', default: value, using, 'with check': check } = facts;
  switch (part.kind) {
    case 'column':
      return value === undefined || value.includes('its own sequence') || kind === 'view'
        ? []
        : [`ALTER TABLE ${relation} ALTER COLUMN ${own} SET DEFAULT ${value}`];
    case 'constraint': {
      if (!definition.startsWith('CHECK')) return [];
      const alter = `ALTER ${kind === 'domain' ? 'DOMAIN' : 'TABLE'} ${relation}`;
      const validity = 'not validated' in facts ? ' NOT VALID' : '';
      return [
        `${alter} DROP CONSTRAINT ${own}`,
        `${alter} ADD CONSTRAINT ${own} ${definition}${validity}`,
        ...comment(`CONSTRAINT ${own} ON ${kind === 'domain' ? 'DOMAIN ' : ''}${relation}`, part),
      ];
    }
    case 'index':
      return 'clustered' in facts || 'replica identity' in facts || definition.includes(' ON ONLY ')
        ? []
        : [
            `DROP INDEX ${quoteQualified(schema, name)}`,
            definition,
            ...comment(`INDEX ${quoteQualified(schema, name)}`, part),
          ];
    case 'trigger':
      return [`DROP TRIGGER ${own} ON ${relation}`, definition];
    case 'rule':
      return [definition.replace('CREATE RULE', 'CREATE OR REPLACE RULE')];
    case 'policy':
      return [
        `ALTER POLICY ${own} ON ${relation}${using ? ` USING (${using})` : ''}${check ? ` WITH CHECK (${check})` : ''}`,
      ];
    default:
      return [];
  }
}

function comment(on: string, { facts }: CatalogPart): readonly string[] {
  return facts.comment === undefined ? [] : [`COMMENT ON ${on} IS ${quoteLiteral(facts.comment)}`];
}
