import type { CatalogEntity } from '../../../catalog/catalog.ts';
import { createSql } from '../../../catalog/create-sql.ts';
import type { CatalogDifference } from '../../../catalog/difference.ts';
import { quoteLiteral, quoteQualified } from '../../../sql/quote.ts';
import { findEntity, type PutBackContext } from './context.ts';
import { endStatement } from './definition-sql.ts';
import { makePartSql } from './make-part-sql.ts';
import { parseOptions } from './options-sql.ts';
import { nameCommented, nameEntity } from './sql-names.ts';

/** What makes something as the migrations make it, with what belongs to it; null where it is more than that. Pure. */
export function makeSql(difference: CatalogDifference, context: PutBackContext): readonly string[] | null {
  const made = findEntity(context.made, difference);
  const statement = made === null ? null : createEntity(made);
  if (made === null || statement === null) return null;
  const parts = made.parts
    .filter(({ kind }) => kind !== 'column' && !(kind === 'constraint' && made.kind === 'domain'))
    .map((part) => {
      const facts = Object.entries(part.facts).map(([fact, expected]) => ({ fact, expected, actual: null }));
      return makePartSql({ ...difference, part: { kind: part.kind, name: part.name }, facts }, context);
    });
  return parts.includes(null) ? null : [statement, ...parts.flatMap((one) => one ?? [])];
}

function createEntity(entity: CatalogEntity): string | null {
  const { kind, facts } = entity;
  switch (kind) {
    case 'schema':
    case 'extension':
    case 'enum':
    case 'domain':
    case 'composite type':
    case 'function':
    case 'procedure':
    case 'statistics':
      return `${createSql(entity).trim()};`;
    case 'sequence':
      return 'owned by' in facts ? null : `CREATE SEQUENCE ${nameEntity(entity)} ${sequenceOptions(facts)};`;
    case 'view':
    case 'materialized view':
      return viewSql(entity, 'CREATE');
    default:
      return null;
  }
}

/** Pure. */
export function viewSql(entity: CatalogEntity, create: 'CREATE' | 'CREATE OR REPLACE'): string {
  const { kind, facts } = entity;
  const options = [...parseOptions(facts.options ?? null)];
  const settings = options.map(([name, value]) => `${name} = ${quoteLiteral(value)}`);
  const clause = settings.length === 0 ? '' : ` WITH (${settings.join(', ')})`;
  return `${create} ${kind.toUpperCase()} ${nameEntity(entity)}${clause} AS\n ${endStatement(facts.definition ?? '')}`;
}

/** As CREATE SEQUENCE and ALTER SEQUENCE take them. Pure. */
export function sequenceOptions(facts: Readonly<Record<string, string>>): string {
  const { type, start, increment, min, max, cache, cycle } = facts;
  return `AS ${type} INCREMENT BY ${increment} MINVALUE ${min} MAXVALUE ${max} START WITH ${start} CACHE ${cache} ${cycle === undefined ? 'NO CYCLE' : 'CYCLE'}`;
}

/** COMMENT ON, where the comment is otherwise, or lost with what it was on. Pure. */
export function commentSql(difference: CatalogDifference): readonly string[] {
  const { schema, part, facts } = difference;
  const objects: Readonly<Record<string, string | null>> = {
    comment: nameCommented(difference),
    // A constraint's index has one of its own.
    'index comment': `INDEX ${quoteQualified(schema, part?.name ?? difference.name)}`,
  };
  return facts.flatMap(({ fact, expected }) => {
    const object = objects[fact] ?? null;
    if (object === null) return [];
    return [`COMMENT ON ${object} IS ${expected === null ? 'NULL' : quoteLiteral(expected)};`];
  });
}
