import { type Feature, PG } from './feature.ts';

/** What a table is held together by. */
export const KEY_FEATURES: readonly Feature[] = [
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
