import type { CatalogEntity } from '../../../catalog/catalog.ts';
import type { CatalogDifference } from '../../../catalog/difference.ts';
import { parseOne } from '../../../sql/parse-tolerantly.ts';
import type { SqlParser } from '../../../sql/parser.ts';
import { findEntity, type PutBackContext } from './context.ts';
import { endStatement } from './definition-sql.ts';
import { sequenceOptions, viewSql } from './make-sql.ts';
import { nameEntity } from './sql-names.ts';
import { tableSql } from './table-sql.ts';

/** What makes an entity again what the migrations make it, its parts aside; null where a fact has no such statement. Pure. */
export function changeSql(difference: CatalogDifference, context: PutBackContext): readonly string[] | null {
  const { kind, facts } = difference;
  const [made, live] = [findEntity(context.made, difference), findEntity(context.live, difference)];
  if (made === null || live === null) return null;
  const others = facts.filter(({ fact }) => fact !== 'comment' && fact !== 'definition');
  const isRedefined = facts.some(({ fact }) => fact === 'definition');
  switch (kind) {
    case 'table':
      return tableSql(difference);
    case 'view': {
      if (isRedefined && !isReplaceable(made, live)) return null;
      const options = tableSql({ ...difference, facts: others });
      return options && [...(isRedefined ? [viewSql(made, 'CREATE OR REPLACE')] : []), ...options];
    }
    case 'function':
    case 'procedure':
      if (!isRedefined) return [];
      return isSameHead(made, live, context.parser) ? [endStatement(made.facts.definition ?? '')] : null;
    case 'sequence':
      return others.some(({ fact }) => fact === 'owned by' || fact === 'unlogged')
        ? null
        : others.length === 0
          ? []
          : [`ALTER SEQUENCE ${nameEntity(made)} ${sequenceOptions(made.facts)};`];
    case 'enum':
      return others.length === 0 ? [] : renameValue(difference);
    case 'domain':
      return others.every(({ fact }) => fact === 'default' || fact === 'not null')
        ? domainSql(difference)
        : null;
    default:
      return isRedefined || others.length > 0 ? null : [];
  }
}

/** CREATE OR REPLACE VIEW can add columns, and take none away. */
function isReplaceable(made: CatalogEntity, live: CatalogEntity): boolean {
  const [wanted, there] = [made, live].map(({ parts }) =>
    parts.filter(({ kind }) => kind === 'column').map(({ name, facts }) => `${name} ${facts.type}`),
  );
  return there?.every((column, at) => column === wanted?.[at]) === true;
}

/** CREATE OR REPLACE FUNCTION changes what it does, not what it takes and gives. */
function isSameHead(made: CatalogEntity, live: CatalogEntity, parser: SqlParser): boolean {
  const [wanted, there] = [made, live].map(({ facts }) => {
    const node = parseOne(facts.definition ?? '', parser);
    const { parameters, returnType } =
      node !== null && 'CreateFunctionStmt' in node ? node.CreateFunctionStmt : {};
    return JSON.stringify([parameters, returnType], (key, value) => (key === 'location' ? undefined : value));
  });
  return wanted === there;
}

/** Of one that is called otherwise. A value that was added stays: PostgreSQL drops none. */
function renameValue(difference: CatalogDifference): readonly string[] | null {
  const { expected, actual } = difference.facts.find(({ fact }) => fact === 'values') ?? {};
  const [wanted, there] = [(expected ?? '').split(', '), (actual ?? '').split(', ')];
  const places = wanted.flatMap((value, at) => (value === there[at] ? [] : [at]));
  const [at = -1] = places;
  if (wanted.length !== there.length || places.length !== 1) return null;
  return [`ALTER TYPE ${nameEntity(difference)} RENAME VALUE ${there[at]} TO ${wanted[at]};`];
}

function domainSql(difference: CatalogDifference): readonly string[] {
  const head = `ALTER DOMAIN ${nameEntity(difference)}`;
  return difference.facts.flatMap(({ fact, expected }) => {
    if (fact === 'not null') return [`${head} ${expected === null ? 'DROP' : 'SET'} NOT NULL;`];
    return fact === 'default'
      ? [`${head} ${expected === null ? 'DROP DEFAULT' : `SET DEFAULT ${expected}`};`]
      : [];
  });
}
