import type { Catalog, CatalogKind } from '../../catalog/catalog.ts';
import type { CatalogDifference } from '../../catalog/difference.ts';

/** What a role's objects of a sort start with, for one grantee. */
export type DefaultPrivilege = {
  /** `tables`, `functions` */
  readonly objects: string;
  readonly role: string;
  /** null for all of them. */
  readonly schema: string | null;
  readonly grantee: string;
  /** As a privilege's fact has it. */
  readonly granted: string;
};

const OBJECTS: Readonly<Record<string, readonly CatalogKind[]>> = {
  tables: ['table', 'foreign table', 'view', 'materialized view'],
  sequences: ['sequence'],
  functions: ['function', 'procedure', 'aggregate'],
  types: ['enum', 'domain', 'composite type', 'range type'],
  schemas: ['schema'],
};

/** Those that the database has and no migration sets, for whichever role it runs as. Pure. */
export function handMadeDefaults(made: Catalog, live: Catalog): readonly DefaultPrivilege[] {
  const keyOf = ({ role: _, ...privilege }: DefaultPrivilege) => JSON.stringify(privilege);
  const known = new Set(defaultsOf(made).map(keyOf));
  return defaultsOf(live).filter((privilege) => !known.has(keyOf(privilege)));
}

function defaultsOf({ entities }: Catalog): readonly DefaultPrivilege[] {
  return entities
    .filter(({ kind }) => kind === 'default privileges')
    .flatMap(({ name, schema, parts }) => {
      const [objects = '', ...role] = name.split(' of ');
      return parts.map((part) => ({
        objects,
        role: role.join(' of '),
        schema,
        grantee: part.name,
        granted: part.facts.granted ?? '',
      }));
    });
}

/** The one that makes a privilege what it is. Pure. */
export function findDefaultPrivilege(
  { change, kind, schema, part, facts }: CatalogDifference,
  defaults: readonly DefaultPrivilege[],
): DefaultPrivilege | null {
  if (part?.kind !== 'privilege' || change === 'missing') return null;
  const { expected = null, actual = null } = facts.find(({ fact }) => fact === 'granted') ?? {};
  const gives = ({ granted }: DefaultPrivilege) =>
    granted === actual || isSame([...each(expected), ...each(granted)], each(actual));
  return (
    defaults.find(
      (one) =>
        one.grantee === part.name &&
        (one.schema === null || one.schema === schema) &&
        OBJECTS[one.objects]?.includes(kind) === true &&
        gives(one),
    ) ?? null
  );
}

function each(granted: string | null): readonly string[] {
  return granted === null || granted === 'nothing' ? [] : granted.split(', ');
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  const [one, other] = [new Set(some), new Set(others)];
  return one.size === other.size && others.every((privilege) => one.has(privilege));
}
