import { createHash } from 'node:crypto';
import type { SqlParser } from '../sql/parser.ts';
import { canonicalFacts, ownerOf } from './canonical-facts.ts';
import type { Catalog } from './catalog.ts';
import { ignoreAspects } from './ignore-aspects.ts';

/** Changes with the canonical form, so that fingerprints of two forms never pass for those of two databases. */
const FORM = 'catalog 1';

/**
 * A hash of what the database is, as hexadecimal sha256: equal for equal databases, on every machine, on PostgreSQL 14 to 18 and PGlite. The
 * server's and the extensions' versions are not in it. Comparable between runs of one version of this package. Pure.
 */
export function fingerprintCatalog(catalog: Catalog, parser: SqlParser): string {
  const hash = createHash('sha256').update(FORM);
  for (const entity of ignoreAspects(catalog, ['extension versions']).entities) {
    const { kind, schema, name, facts, parts } = entity;
    hash.update(JSON.stringify([kind, schema, name, canonicalFacts(ownerOf(entity), facts, parser)]));
    for (const part of parts)
      hash.update(
        JSON.stringify([part.kind, part.name, canonicalFacts(ownerOf(entity, part), part.facts, parser)]),
      );
  }
  return hash.digest('hex');
}
