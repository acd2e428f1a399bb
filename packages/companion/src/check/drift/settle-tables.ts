import { type Json, record } from '../../folder/picture/canonical-json.ts';

/**
 * Takes out of two snapshots of 0.31 (`tables` by key) what drizzle-kit's differ lets pass although it differs, so
 * that what is left makes `drizzle-kit generate` write something. Pure; gives both sides back.
 */
export function settleTables(before: Json, after: Json): { readonly before: Json; readonly after: Json } {
  const tables = mapValues(record(before.tables), (table, key) =>
    settleTable(record(table), record(record(after.tables)[key])),
  );
  const { mine, theirs } = settleViews(record(before.views), record(after.views));
  return { before: { ...before, tables, views: mine }, after: { ...after, views: theirs } };
}

function settleTable(before: Json, after: Json): Json {
  const columns = mapValues(record(before.columns), (column, name) =>
    settleColumn(record(column), record(after.columns)[name]),
  );
  // Where policies stay, row level security stays with them: nothing is written.
  const staysOn = Object.keys(record(after.policies)).length > 0 && after.isRLSEnabled === false;
  return { ...before, columns, ...(staysOn && { isRLSEnabled: false }) };
}

/** A type that was written with a space, `numeric (10, 2)`, hides every other change of its column. */
function settleColumn(before: Json, after: unknown): unknown {
  const [old, now] = [String(before.type), String(record(after).type)];
  return after !== undefined && old !== now && old.replace(' (', '(') === now.replace(' (', '(')
    ? after
    : before;
}

/** A view marked `.existing()` belongs to somebody else: it is neither made nor dropped nor altered. */
function settleViews(before: Json, after: Json): { readonly mine: Json; readonly theirs: Json } {
  const foreign = (view: unknown): boolean => record(view).isExisting === true;
  const pick = (views: Json, keep: (view: unknown, key: string) => boolean): Json =>
    Object.fromEntries(Object.entries(views).filter(([key, view]) => keep(view, key)));
  return {
    mine: pick(before, (view, key) => !foreign(view) && !foreign(after[key])),
    theirs: pick(after, (view) => !foreign(view)),
  };
}

function mapValues(values: Json, map: (value: unknown, key: string) => unknown): Json {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, map(value, key)]));
}
