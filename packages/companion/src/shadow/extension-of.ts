/** What a message of PostgreSQL misses, where an extension that many use brings it; null for anything else. Pure. */
export function extensionOf(message: string): { readonly what: string; readonly extension: string } | null {
  const [, kind = '', name = ''] =
    /^(type|operator class) "(?:\w+\.)?(\w+)(?:\[\])?" does not exist/.exec(message) ??
    /^(function) (?:\w+\.)?(\w+)\(.*\) does not exist/.exec(message) ??
    [];
  const extension = EXTENSIONS.get(name);
  return extension === undefined ? null : { what: `The ${kind} ${name}`, extension };
}

/** Names of types, operator classes and functions. */
const BROUGHT: Readonly<Record<string, string>> = {
  citext: 'citext',
  hstore: 'hstore',
  ltree: 'ltree lquery ltxtquery',
  cube: 'cube',
  seg: 'seg',
  isn: 'isbn isbn13 issn issn13 ismn ismn13 ean13 upc',
  vector: 'vector halfvec sparsevec vector_l2_ops vector_cosine_ops vector_ip_ops',
  postgis: 'geometry geography box2d box3d st_makepoint st_setsrid',
  pg_trgm: 'gin_trgm_ops gist_trgm_ops similarity word_similarity',
  unaccent: 'unaccent',
  'uuid-ossp': 'uuid_generate_v1 uuid_generate_v1mc uuid_generate_v3 uuid_generate_v4 uuid_generate_v5',
  pgcrypto: 'crypt gen_salt digest hmac gen_random_bytes pgp_sym_encrypt pgp_sym_decrypt',
};

const EXTENSIONS: ReadonlyMap<string, string> = new Map(
  Object.entries(BROUGHT).flatMap(([extension, names]) =>
    names.split(' ').map((name) => [name, extension] as const),
  ),
);
