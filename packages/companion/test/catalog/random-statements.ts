import fc from 'fast-check';

/** A statement that may stand anywhere behind those that it needs, by their numbers. */
export type OrderedStatement = { readonly sql: string; readonly needs: readonly number[] };

/** The statements in the order of their priorities, as far as their needs allow. */
export function arrange(
  statements: readonly OrderedStatement[],
  priorities: readonly number[],
): readonly OrderedStatement[] {
  const left = new Set(statements.keys());
  const arranged: OrderedStatement[] = [];
  while (left.size > 0) {
    const ready = [...left].filter((at) => statements[at]?.needs.every((need) => !left.has(need)));
    const [next] = ready.sort((a, b) => (priorities[a] ?? 0) - (priorities[b] ?? 0) || a - b);
    const statement = next === undefined ? undefined : statements[next];
    if (next === undefined || statement === undefined)
      throw new Error('The statements need each other in a circle.');
    left.delete(next);
    arranged.push(statement);
  }
  return arranged;
}

const TYPES: readonly (readonly [type: string, value: string])[] = [
  ['int', '7'],
  ['bigint', '-1'],
  ['text', `'it''s'`],
  ['varchar(20)', `lower('A')`],
  ['numeric(8, 2)', '1.10'],
  ['timestamptz', 'now()'],
  ['date', `'2020-01-01'`],
  ['jsonb', `'{"a": 1}'`],
  ['text[]', `ARRAY['x', 'y']`],
  ['boolean', 'true'],
  ['mood', `'ok'`],
  ['uuid', 'gen_random_uuid()'],
];

const column = fc.record({ type: fc.constantFrom(...TYPES), notNull: fc.boolean(), defaulted: fc.boolean() });

/** What is done to a table `t` with columns `c0`, `c1` …; `n` tells those of one table apart. */
const DEEDS: readonly ((t: string, c: string, n: number) => string)[] = [
  (t, c, n) => `CREATE INDEX ${t}_i${n} ON ${t} (${c})`,
  (t, c, n) => `CREATE INDEX ${t}_i${n} ON ${t} (${c}) WHERE ${c} IS NOT NULL`,
  (t, c, n) => `CREATE INDEX ${t}_i${n} ON ${t} ((id * ${n + 2}) DESC, ${c})`,
  (t, c, n) => `ALTER TABLE ${t} ADD CONSTRAINT ${t}_k${n} CHECK (${c} IS NOT NULL OR id > ${n})`,
  (t, c, n) => `ALTER TABLE ${t} ADD CONSTRAINT ${t}_k${n} CHECK (length(${c}::text) < ${n + 5}) NOT VALID`,
  // A hole between the columns.
  (t, _, n) => `ALTER TABLE ${t} ADD COLUMN hole${n} text DEFAULT 'x'; ALTER TABLE ${t} DROP COLUMN hole${n}`,
  (t, c, n) =>
    `CREATE VIEW ${t}_v${n} AS SELECT id, ${c} FROM ${t} WHERE id > ${n} AND ${c} IS NOT NULL ORDER BY ${c}`,
  (t, c, n) =>
    `CREATE MATERIALIZED VIEW ${t}_m${n} AS SELECT x.${c}, count(*) AS many FROM ${t} x GROUP BY x.${c}`,
  (t, c, n) => `CREATE POLICY ${t}_p${n} ON ${t} USING (${c} IS NULL)`,
  (t, _, n) => `CREATE TRIGGER ${t}_t${n} BEFORE UPDATE ON ${t} FOR EACH ROW EXECUTE FUNCTION touch()`,
  (t, c, n) =>
    `CREATE FUNCTION ${t}_f${n}(a int) RETURNS bigint LANGUAGE sql AS 'SELECT count(${c}) FROM made.${t}'`,
  (t, _, n) =>
    `CREATE FUNCTION ${t}_g${n}(a int) RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT max(id) FROM ${t} WHERE id > a; END`,
  (t, _, n) => `CREATE TABLE ${t}_r${n} (ref bigint REFERENCES ${t}, number serial, UNIQUE (ref))`,
  (t, _, n) => `CREATE RULE ${t}_u${n} AS ON DELETE TO ${t} WHERE old.id = ${n} DO INSTEAD NOTHING`,
  (t, c, n) => `CREATE STATISTICS ${t}_s${n} (ndistinct) ON id, ${c} FROM ${t}`,
  // Traces that only the list of privileges keeps.
  (t) => `GRANT SELECT ON ${t} TO PUBLIC; REVOKE SELECT ON ${t} FROM PUBLIC`,
  (t, _, n) => `CREATE SEQUENCE ${t}_q${n} START ${n + 1}; GRANT ALL ON SEQUENCE ${t}_q${n} TO PUBLIC`,
];

const table = fc.record({
  columns: fc.array(column, { minLength: 1, maxLength: 4 }),
  deeds: fc.array(fc.tuple(fc.constantFrom(...DEEDS), fc.nat(3)), { maxLength: 6 }),
  comment: fc.option(fc.string({ unit: 'grapheme-ascii', maxLength: 8 })),
});

/** On a partitioned table `p`, in any order with the making of its partitions. */
const PARENT_DEEDS = [
  'CREATE INDEX ON p (b)',
  'CREATE INDEX ON p (lower(b), a)',
  'CREATE UNIQUE INDEX p_unique ON p (a, b)',
  'ALTER TABLE p ADD PRIMARY KEY (a)',
  'ALTER TABLE p ADD CHECK (a > 0)',
  `ALTER TABLE p ALTER COLUMN b SET DEFAULT 'none'`,
  'ALTER TABLE p ALTER COLUMN c SET NOT NULL',
  'CREATE TRIGGER p_touched AFTER INSERT ON p FOR EACH ROW EXECUTE FUNCTION touch()',
  'ALTER TABLE p ADD CONSTRAINT p_self FOREIGN KEY (c) REFERENCES ends',
  'ALTER TABLE p ENABLE ROW LEVEL SECURITY',
] as const;

const partitioned = fc.record({
  partitions: fc.integer({ min: 0, max: 3 }),
  deeds: fc.subarray([...PARENT_DEEDS]),
});

/** Statements that make some tables and much around them, in the schema that the search path names. */
export const randomStatements: fc.Arbitrary<readonly OrderedStatement[]> = fc
  .tuple(fc.array(table, { minLength: 1, maxLength: 3 }), partitioned)
  .map(([tables, parent]) => {
    const statements: OrderedStatement[] = [];
    const add = (sql: string, ...needs: number[]) => statements.push({ sql, needs }) - 1;
    const mood = add(`CREATE TYPE mood AS ENUM ('sad', 'ok')`);
    const grown = add(`ALTER TYPE mood ADD VALUE 'mad' BEFORE 'ok'`, mood);
    add(`COMMENT ON TYPE mood IS 'how'`, mood);
    const touch = add(
      `CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$`,
    );
    for (const [number, { columns, deeds, comment }] of tables.entries()) {
      const name = `t${number}`;
      const made = columns.map(({ type: [type, value], notNull, defaulted }, at) =>
        [`c${at} ${type}`, notNull ? 'NOT NULL' : '', defaulted ? `DEFAULT ${value}` : ''].join(' '),
      );
      const at = add(
        `CREATE TABLE ${name} (id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY, ${made.join(', ')})`,
        mood,
        grown,
      );
      for (const [deed, [does, which]] of deeds.entries())
        add(does(name, `c${which % columns.length}`, deed), at, touch);
      if (comment !== null) add(`COMMENT ON TABLE ${name} IS '${comment.replaceAll("'", "''")}'`, at);
    }
    const ends = add('CREATE TABLE ends (id int PRIMARY KEY)');
    const at = add('CREATE TABLE p (a int NOT NULL, b text, c int) PARTITION BY LIST (a)');
    for (let number = 1; number <= parent.partitions; number += 1)
      add(`CREATE TABLE p_${number} PARTITION OF p FOR VALUES IN (${number})`, at);
    for (const sql of parent.deeds) add(sql, at, touch, ends);
    return statements;
  });
