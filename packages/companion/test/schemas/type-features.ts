import { type Feature, PG } from './feature.ts';

/** What stands beside tables. */
export const TYPE_FEATURES: readonly Feature[] = [
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
];
