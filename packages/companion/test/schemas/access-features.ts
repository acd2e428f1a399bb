import { type Feature, PG } from './feature.ts';

/** Who sees what of a table. */
export const ACCESS_FEATURES: readonly Feature[] = [
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
];
