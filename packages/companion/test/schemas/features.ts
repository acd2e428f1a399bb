/** An edit of a schema: the text that goes, the text that comes, and what we say of it (null: nothing at all). */
export type Edit = {
  readonly title: string;
  readonly from: string;
  readonly to: string;
  readonly says: string | null;
  /** The majors of drizzle-kit that know it; both unless said. */
  readonly majors?: readonly (0 | 1)[];
};

export type Feature = {
  readonly name: string;
  readonly schema: string;
  readonly edits: readonly Edit[];
  readonly casing?: 'snake_case' | 'camelCase';
  readonly majors?: readonly (0 | 1)[];
};

const PG = 'drizzle-orm/pg-core';

/** A schema for each thing that PostgreSQL schemas are made of, and the edits that matter in it. */
export const FEATURES: readonly Feature[] = [
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
    name: 'enums',
    schema: `import { pgEnum, pgTable, text } from '${PG}';
export const status = pgEnum('status', ['draft', 'live', 'archived']);
export const posts = pgTable('posts', { status: status('status').default('draft'), many: status('many').array(), t: text('t') });
`,
    edits: [
      { title: 'a value removed', from: ", 'archived'", to: '', says: 'enum status: value archived removed' },
      {
        title: 'a value added in the middle',
        from: "'live',",
        to: "'live', 'x',",
        says: 'enum status: value x added after live',
      },
      {
        title: 'a value added at the start',
        from: "['draft'",
        to: "['new', 'draft'",
        says: 'enum status: value new added at the start',
      },
      {
        title: 'values in another order',
        from: "'draft', 'live'",
        to: "'live', 'draft'",
        says: 'enum status: order of values changed',
      },
      {
        title: 'an enum no longer exported',
        from: 'export const status',
        to: 'const status',
        says: 'enum status: removed',
      },
      {
        title: 'a text column made an enum',
        from: "text('t')",
        to: "status('t')",
        says: 'table posts: column t: type text → status',
      },
      { title: 'the constant renamed', from: 'export const posts', to: 'export const blog', says: null },
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
    name: 'identity columns and sequences',
    schema: `import { integer, pgSequence, pgTable } from '${PG}';
export const numbers = pgSequence('numbers', { startWith: 100, increment: 2 });
export const items = pgTable('items', { id: integer('id').primaryKey().generatedAlwaysAsIdentity({ startWith: 10 }), n: integer('n').notNull() });
`,
    edits: [
      {
        title: 'another start of a sequence',
        from: 'startWith: 100',
        to: 'startWith: 200',
        says: 'sequence numbers: startWith 100 → 200',
      },
      { title: 'a number as text', from: 'startWith: 100', to: "startWith: '100'", says: null },
      { title: 'a default written out', from: 'increment: 2', to: 'increment: 2, cache: 1', says: null },
      {
        title: 'another start of an identity',
        from: 'startWith: 10 }',
        to: 'startWith: 20 }',
        says: 'table items: column id: identity',
      },
      {
        title: 'by default',
        from: 'generatedAlwaysAsIdentity',
        to: 'generatedByDefaultAsIdentity',
        says: 'table items: column id: identity',
      },
      {
        title: 'an identity option as text',
        from: 'startWith: 10 }',
        to: "startWith: '10', cycle: false }",
        says: null,
      },
      {
        title: 'made identity',
        from: "integer('n').notNull()",
        to: "integer('n').generatedAlwaysAsIdentity()",
        says: 'table items: column n: identity',
      },
      {
        title: 'a sequence removed',
        from: 'export const numbers',
        to: 'const numbers',
        says: 'sequence numbers: removed',
      },
      {
        title: 'another name of an identity',
        from: 'startWith: 10 }',
        to: "startWith: 10, name: 'other' }",
        says: null,
      },
    ],
  },
  {
    name: 'keys, constraints and indexes',
    schema: `import { sql } from 'drizzle-orm';
import { check, foreignKey, index, integer, pgTable, primaryKey, text, unique, uniqueIndex } from '${PG}';
export const teams = pgTable('teams', { id: integer('id').primaryKey(), name: text('name') });
export const members = pgTable('members', { team: integer('team').notNull().references(() => teams.id), user: integer('user').notNull(), mail: text('mail'), age: integer('age') }, (t) => [
  primaryKey({ columns: [t.team, t.user] }),
  index('members_mail_idx').on(t.mail),
  uniqueIndex('members_lower_idx').on(sql\`lower(\${t.mail})\`).where(sql\`\${t.age} > 1\`),
  unique('members_mail_age').on(t.mail, t.age),
  check('age_positive', sql\`\${t.age} > 0\`),
]);
`,
    edits: [
      {
        title: 'a composite key with another order',
        from: '[t.team, t.user]',
        to: '[t.user, t.team]',
        says: 'table members: ',
      },
      {
        title: 'a composite key removed',
        from: '  primaryKey({ columns: [t.team, t.user] }),\n',
        to: '',
        says: 'table members: primary key',
      },
      {
        title: 'an index removed',
        from: "  index('members_mail_idx').on(t.mail),\n",
        to: '',
        says: 'table members: index members_mail_idx removed',
      },
      {
        title: 'an index descending',
        from: '.on(t.mail)',
        to: '.on(t.mail.desc())',
        says: 'index members_mail_idx: columns mail → mail desc',
      },
      {
        title: 'an index with another method',
        from: "index('members_mail_idx').on(t.mail)",
        to: "index('members_mail_idx').using('hash', t.mail)",
        says: 'index members_mail_idx: method btree → hash',
      },
      {
        title: 'the method that is the default',
        from: "index('members_mail_idx').on(t.mail)",
        to: "index('members_mail_idx').using('btree', t.mail)",
        says: null,
      },
      {
        title: 'an index made concurrently',
        from: '.on(t.mail)',
        to: '.on(t.mail).concurrently()',
        says: 'index members_mail_idx: concurrently added',
        majors: [0],
      },
      {
        title: 'an index made concurrently',
        from: '.on(t.mail)',
        to: '.on(t.mail).concurrently()',
        says: null,
        majors: [1],
      },
      {
        title: 'an index made unique',
        from: "  index('members_mail_idx')",
        to: "  uniqueIndex('members_mail_idx')",
        says: 'index members_mail_idx: unique added',
      },
      {
        title: 'another condition of an index',
        from: '} > 1`',
        to: '} > 2`',
        says: 'index members_lower_idx: where',
      },
      {
        title: 'an index with options',
        from: '.on(t.mail),',
        to: '.on(t.mail).with({ fillfactor: 70 }),',
        says: 'index members_mail_idx: with',
      },
      {
        title: 'nulls not distinct',
        from: '.on(t.mail, t.age)',
        to: '.on(t.mail, t.age).nullsNotDistinct()',
        says: 'unique constraint members_mail_age: nulls not distinct added',
      },
      { title: 'another check', from: '} > 0`', to: '} >= 0`', says: 'check age_positive: expression' },
      {
        title: 'a check removed',
        from: `  check('age_positive', sql\`\${t.age} > 0\`),\n`,
        to: '',
        says: 'check age_positive removed',
      },
      {
        title: 'on delete cascade',
        from: 'references(() => teams.id)',
        to: "references(() => teams.id, { onDelete: 'cascade' })",
        says: 'on delete',
      },
      {
        title: 'on delete written out',
        from: 'references(() => teams.id)',
        to: "references(() => teams.id, { onDelete: 'no action' })",
        says: null,
      },
      {
        title: 'a foreign key as a constraint of the table',
        from: 'notNull().references(() => teams.id)',
        to: 'notNull()',
        says: 'foreign key',
      },
      {
        title: 'constraints in another order',
        from: "  index('members_mail_idx').on(t.mail),\n  uniqueIndex",
        to: '  uniqueIndex',
        says: 'index members_mail_idx removed',
      },
    ],
  },
  {
    name: 'views',
    schema: `import { eq, sql } from 'drizzle-orm';
import { integer, pgMaterializedView, pgTable, pgView, text } from '${PG}';
export const books = pgTable('books', { id: integer('id'), title: text('title') });
export const titles = pgView('titles').as((qb) => qb.select({ title: books.title }).from(books));
export const counts = pgMaterializedView('counts').as((qb) => qb.select({ id: books.id }).from(books));
export const foreign = pgView('foreign_view', { id: integer('id') }).existing();
`,
    edits: [
      {
        title: 'another query',
        from: '{ title: books.title }',
        to: '{ title: books.title, id: books.id }',
        says: 'view titles: query',
      },
      {
        title: 'another query of a materialised view',
        from: '{ id: books.id }',
        to: '{ id: books.id, title: books.title }',
        says: 'view counts: query',
      },
      {
        title: 'an option',
        from: "pgView('titles')",
        to: "pgView('titles').with({ securityInvoker: true })",
        says: 'view titles: with',
      },
      {
        title: 'without data',
        from: "pgMaterializedView('counts')",
        to: "pgMaterializedView('counts').withNoData()",
        says: null,
      },
      {
        title: 'a tablespace',
        from: "pgMaterializedView('counts')",
        to: "pgMaterializedView('counts').tablespace('fast')",
        says: 'view counts: tablespace fast added',
      },
      {
        title: 'a view removed',
        from: 'export const titles',
        to: 'const titles',
        says: 'view titles: removed',
      },
      {
        title: 'a view of somebody else removed',
        from: 'export const foreign',
        to: 'const foreign',
        says: null,
      },
      {
        title: 'a view left to somebody else',
        from: "pgView('titles').as((qb) => qb.select({ title: books.title }).from(books))",
        to: "pgView('titles', { title: text('title') }).existing()",
        says: null,
        majors: [0],
      },
      {
        title: 'a view left to somebody else',
        from: "pgView('titles').as((qb) => qb.select({ title: books.title }).from(books))",
        to: "pgView('titles', { title: text('title') }).existing()",
        says: 'view titles: removed',
        majors: [1],
      },
      {
        title: 'a view taken over',
        from: "pgView('foreign_view', { id: integer('id') }).existing()",
        to: "pgView('foreign_view', { id: integer('id') }).as(sql`select 1 as id`)",
        says: 'view foreign_view: added',
      },
      {
        title: 'made materialised',
        from: "pgView('titles')",
        to: "pgMaterializedView('titles')",
        says: null,
        majors: [0],
      },
      {
        title: 'made materialised',
        from: "pgView('titles')",
        to: "pgMaterializedView('titles')",
        says: 'materialized view titles: materialized added',
        majors: [1],
      },
    ],
  },
  {
    name: 'policies, roles and row level security',
    schema: `import { sql } from 'drizzle-orm';
import { integer, pgPolicy, pgRole, pgTable } from '${PG}';
export const admin = pgRole('admin', { createDb: true });
export const guest = pgRole('guest').existing();
export const secrets = pgTable('secrets', { id: integer('id') }, () => [
  pgPolicy('read', { for: 'select', to: ['b', 'a'], using: sql\`true\` }),
  pgPolicy('write', { for: 'insert', withCheck: sql\`false\` }),
]);
export const plain = pgTable('plain', { id: integer('id') });
export const linked = pgPolicy('linked', { to: admin }).link(plain);
`,
    edits: [
      {
        title: 'another condition',
        from: 'sql`true`',
        to: 'sql`id > 1`',
        says: 'table secrets: policy read: using true → id > 1',
      },
      {
        title: 'another command',
        from: "for: 'select'",
        to: "for: 'all'",
        says: 'table secrets: policy read: for SELECT → ALL',
      },
      { title: 'other roles', from: "['b', 'a']", to: "['a']", says: 'table secrets: policy read: to' },
      { title: 'the roles in another order', from: "['b', 'a']", to: "['a', 'b']", says: null },
      {
        title: 'the default written out',
        from: "for: 'select'",
        to: "as: 'permissive', for: 'select'",
        says: null,
      },
      {
        title: 'a policy removed',
        from: "  pgPolicy('write', { for: 'insert', withCheck: sql`false` }),\n",
        to: '',
        says: 'table secrets: policy write removed',
      },
      {
        title: 'a linked policy removed',
        from: 'export const linked',
        to: 'const linked',
        says: 'table plain: ',
      },
      {
        title: 'a role may create roles',
        from: 'createDb: true',
        to: 'createDb: true, createRole: true',
        says: 'role admin: createRole false → true',
      },
      { title: 'a role removed', from: 'export const admin', to: 'const admin', says: 'role admin: removed' },
      { title: 'somebody else’s role removed', from: 'export const guest', to: 'const guest', says: null },
      {
        title: 'row level security',
        from: "pgTable('plain', { id: integer('id') })",
        to: "pgTable('plain', { id: integer('id') }).enableRLS()",
        says: 'table plain: row level security added',
        majors: [0],
      },
    ],
  },
  {
    name: 'several schemas',
    schema: `import { integer, pgSchema, pgTable, text } from '${PG}';
export const billing = pgSchema('billing');
export const kind = billing.enum('kind', ['a', 'b']);
export const invoices = billing.table('users', { id: integer('id').primaryKey(), kind: kind('kind') });
export const users = pgTable('users', { id: integer('id').primaryKey(), invoice: integer('invoice').references(() => invoices.id), t: text('t') });
`,
    edits: [
      {
        title: 'a change in the other schema',
        from: "kind: kind('kind')",
        to: "kind: kind('kind').notNull()",
        says: 'table billing.users: column kind: not null added',
      },
      {
        title: 'a change in public',
        from: "t: text('t')",
        to: "t: text('t').notNull()",
        says: 'table users: column t: not null added',
      },
      {
        title: 'an enum of the other schema',
        from: "['a', 'b']",
        to: "['a', 'b', 'c']",
        says: 'enum billing.kind: value c added after b',
      },
      {
        title: 'a schema added',
        from: 'export const kind',
        to: "export const more = pgSchema('more');\nexport const kind",
        says: 'schema more: added',
      },
      {
        title: 'a schema removed',
        from: 'export const billing',
        to: 'const billing',
        says: 'schema billing: removed',
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
  {
    name: 'names that the kit gives',
    majors: [1],
    schema: `import { index, integer, pgTable, text } from '${PG}';
export const a = pgTable('a', { id: integer('id').primaryKey(), t: text('t') }, (t) => [index().on(t.t)]);
`,
    edits: [
      { title: 'the same name, chosen', from: 'index()', to: "index('a_t_index')", says: null },
      {
        title: 'another name, chosen',
        from: 'index()',
        to: "index('other')",
        says: 'table a: index other added; index a_t_index removed',
      },
    ],
  },
];
