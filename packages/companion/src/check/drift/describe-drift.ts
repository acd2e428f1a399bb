import type { Entity } from '../../folder/picture/picture.ts';
import type { Finding } from '../../kernel/finding.ts';
import type { EntityChange } from './compare-pictures.ts';
import { type Declaration, locateDeclaration, type SchemaSource } from './locate-declaration.ts';

/** One finding for one thing that the code and the snapshot say differently. Pure. */
export function describeDrift(change: EntityChange, sources: readonly SchemaSource[]): Finding {
  const { entity, words } = change;
  return {
    code: 'drift/schema',
    level: 'error',
    message: `${nameOf(entity)}: ${change.change === 'changed' ? words.join('; ') : change.change}`,
    ...locate(change, sources),
    hint: hintFor(change),
    fix: 'drizzle-kit generate',
    docs: 'docs/findings.md#driftschema',
  };
}

function nameOf({ kind, schema, name, facts }: Entity): string {
  const qualified = schema === null || schema === 'public' ? name : `${schema}.${name}`;
  return `${facts.materialized === true ? 'materialized view' : kind} ${qualified}`;
}

/** The first changed column that the code still has, else the thing itself. */
function locate(change: EntityChange, sources: readonly SchemaSource[]): Declaration | Record<string, never> {
  const { entity, parts } = change;
  if (change.change === 'removed') return {};
  const column = parts.find((it) => it.part.kind === 'column' && it.change !== 'removed')?.part.name;
  return locateDeclaration(sources, entity, column) ?? {};
}

function hintFor({ entity, change, parts }: EntityChange): string {
  const what = entity.kind === 'enum' ? 'TYPE' : entity.kind.toUpperCase();
  if (change === 'added')
    return `No migration makes it: a migrated database will not have it. CREATE ${what} is missing.`;
  if (change === 'removed') {
    const loss = entity.kind === 'table' ? ', with its rows' : '';
    return `No migration drops it: every migrated database goes on having it. Was it renamed? Then say so when drizzle-kit asks, or it writes DROP ${what}${loss}.`;
  }
  const columns = parts.filter((it) => it.part.kind === 'column');
  const renamed =
    columns.some((it) => it.change === 'added') && columns.some((it) => it.change === 'removed');
  const question = renamed
    ? ' Was a column renamed? Then say so when drizzle-kit asks, or the old one is dropped with its data.'
    : '';
  return `No migration does this: a migrated database stays as the snapshot has it. ALTER ${what} is missing.${question}`;
}
