export type Json = Readonly<Record<string, unknown>>;

/** A snapshot is somebody's file: what is not of the shape we expect counts as empty. */
export function record(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {};
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Text of a scalar; null for what is absent. */
export function text(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'object' ? canonicalJson(value) : String(value);
}

/** JSON with the keys of every object in order, so that equal values have equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
