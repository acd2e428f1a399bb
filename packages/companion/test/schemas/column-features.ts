import { type Feature, PG } from './feature.ts';

/** What columns can be. */
export const COLUMN_FEATURES: readonly Feature[] = [
  {
    name: 'columns',
    schema: `import { sql } from 'drizzle-orm';
import { boolean, integer, jsonb, numeric, pgTable, serial, text, timestamp, varchar } from '${PG}';
export const users = pgTable('users', {
  id: serial('id').primaryKey(),
  email: text('email').notNull().unique(),
  name: varchar('name', { length: 100 }),
  active: boolean('active').default(true),
  price: numeric('price', { precision: 10, scale: 2 }).default('1.00'),
  count: integer('count').default(1),
  meta: jsonb('meta').default({ a: 1, b: 2 }),
  made: timestamp('made', { withTimezone: true }).defaultNow(),
  note: text('note').default(sql\`'x' || 'y'\`),
});
`,
    edits: [
      {
        title: 'a column added',
        from: '  note:',
        to: "  age: integer('age'),\n  note:",
        says: 'table users: column age added',
      },
      {
        title: 'a column removed',
        from: "  count: integer('count').default(1),\n",
        to: '',
        says: 'table users: column count removed',
      },
      {
        title: 'another type',
        from: "text('email')",
        to: "varchar('email', { length: 255 })",
        says: 'table users: column email: type text → varchar(255)',
      },
      {
        title: 'not null dropped',
        from: '.notNull()',
        to: '',
        says: 'table users: column email: not null removed',
      },
      {
        title: 'another default',
        from: 'default(1)',
        to: 'default(2)',
        says: 'table users: column count: default 1 → 2',
      },
      {
        title: 'a default dropped',
        from: '.defaultNow()',
        to: '',
        says: 'table users: column made: default now() removed',
      },
      {
        title: 'SQL for a number',
        from: 'default(1)',
        to: 'default(sql`1`)',
        says: 'table users: column count: default 1 → (1)',
        majors: [0],
      },
      { title: 'SQL for a number', from: 'default(1)', to: 'default(sql`1`)', says: null, majors: [1] },
      {
        title: 'unique dropped',
        from: '.unique()',
        to: '',
        says: 'table users: unique constraint users_email_',
      },
      {
        title: 'other keys in a JSON default',
        from: '{ a: 1, b: 2 }',
        to: '{ a: 1, b: 3 }',
        says: 'column meta: default',
      },
      {
        title: 'the keys of a JSON default in another order',
        from: '{ a: 1, b: 2 }',
        to: '{ b: 2, a: 1 }',
        says: null,
        majors: [1],
      },
      {
        title: 'the keys of a JSON default in another order',
        from: '{ a: 1, b: 2 }',
        to: '{ b: 2, a: 1 }',
        says: 'column meta: default',
        majors: [0],
      },
      {
        title: 'columns in another order',
        from: "  active: boolean('active').default(true),\n",
        to: '',
        says: 'table users: column active removed',
      },
      {
        title: 'a scale of nothing',
        from: 'precision: 10, scale: 2 }',
        to: 'precision: 10 }',
        says: 'column price: type',
      },
      {
        title: 'a default for the application alone',
        from: "integer('count').default(1)",
        to: "integer('count').default(1).$onUpdate(() => 2)",
        says: null,
      },
      {
        title: 'a type for the application alone',
        from: "text('note')",
        to: "text('note').$type<'a' | 'b'>()",
        says: null,
      },
      {
        title: 'a table added',
        from: 'export const users',
        to: "export const posts = pgTable('posts', { id: serial('id') });\nexport const users",
        says: 'table posts: added',
      },
      {
        title: 'a table no longer exported',
        from: 'export const users',
        to: 'const users',
        says: 'table users: removed',
      },
    ],
  },
  {
    name: 'arrays',
    schema: `import { integer, pgTable, text } from '${PG}';
export const lists = pgTable('lists', { tags: text('tags').array().default(['a', 'b']), grid: integer('grid').array(), one: text('one') });
`,
    edits: [
      {
        title: 'another default',
        from: "['a', 'b']",
        to: "['a']",
        says: 'table lists: column tags: default',
      },
      {
        title: 'made an array',
        from: "one: text('one')",
        to: "one: text('one').array()",
        says: 'table lists: column one: type text → text[]',
      },
      {
        title: 'no longer an array',
        from: "integer('grid').array()",
        to: "integer('grid')",
        says: 'table lists: column grid: type integer[] → integer',
      },
    ],
  },
  {
    name: 'generated columns',
    schema: `import { sql } from 'drizzle-orm';
import { pgTable, text } from '${PG}';
export const people = pgTable('people', { name: text('name'), upper: text('upper').generatedAlwaysAs(sql\`upper(name)\`), plain: text('plain') });
`,
    edits: [
      {
        title: 'another expression',
        from: 'upper(name)',
        to: 'lower(name)',
        says: 'table people: column upper: generated as upper(name) → lower(name)',
      },
      {
        title: 'no longer generated',
        from: '.generatedAlwaysAs(sql`upper(name)`)',
        to: '',
        says: 'table people: column upper: generated as upper(name) removed',
      },
      {
        title: 'made generated',
        from: "text('plain')",
        to: "text('plain').generatedAlwaysAs(sql`name`)",
        says: 'table people: column plain: generated as name added',
      },
      {
        title: 'the same expression from a function',
        from: 'sql`upper(name)`',
        to: '() => sql`upper(name)`',
        says: null,
      },
    ],
  },
  {
    name: 'names in snake case, by the config',
    casing: 'snake_case',
    majors: [0],
    schema: `import { index, integer, pgTable, primaryKey, text } from '${PG}';
export const users = pgTable('users', { userId: integer(), teamId: integer(), displayName: text() }, (t) => [
  primaryKey({ columns: [t.userId, t.teamId] }),
  index().on(t.displayName),
]);
`,
    edits: [
      {
        title: 'a column added',
        from: 'displayName: text()',
        to: 'lastSeen: text(), displayName: text()',
        says: 'table users: column last_seen added',
      },
      {
        title: 'the name written out',
        from: 'displayName: text()',
        to: "displayName: text('display_name')",
        says: null,
      },
    ],
  },
  {
    name: 'names in snake case, by the schema',
    majors: [1],
    schema: `import { integer, snakeCase, text } from '${PG}';
export const users = snakeCase.table('users', { userId: integer().primaryKey(), displayName: text().unique() });
`,
    edits: [
      {
        title: 'a column added',
        from: 'displayName:',
        to: 'lastSeen: text(), displayName:',
        says: 'table users: column last_seen added',
      },
      {
        title: 'the name written out',
        from: 'displayName: text()',
        to: "displayName: text('display_name')",
        says: null,
      },
    ],
  },
];
