import { PG } from '../schemas/feature.ts';

/** An addition to a schema: texts that stand in it, and what stands in their place afterwards. */
export type Addition = {
  readonly title: string;
  readonly edits: readonly (readonly [from: string, to: string])[];
};

/** A schema with a bit of everything that drizzle can say, as a team would have it on the first day. */
export const FIRST_DAY = `import { eq, sql } from 'drizzle-orm';
import { bigint, bigserial, boolean, check, date, doublePrecision, foreignKey, index, inet, integer, interval, json, jsonb, numeric, pgEnum, pgMaterializedView, pgPolicy, pgRole, pgSchema, pgSequence, pgTable, pgView, primaryKey, real, serial, smallint, text, time, timestamp, unique, uniqueIndex, uuid, varchar } from '${PG}';

export const role = pgEnum('role', ['member', 'owner']);
export const orderState = pgEnum('order_state', ['cart', 'paid', 'sent']);
export const billing = pgSchema('billing');
export const currency = billing.enum('currency', ['eur', 'usd']);
export const orderNumbers = pgSequence('order_numbers', { startWith: 1000, increment: 1 });
// sequences

export const organisations = pgTable('organisations', {
  id: uuid('id').primaryKey().defaultRandom(),
  name: varchar('name', { length: 200 }).notNull(),
  slug: text('slug').notNull().unique(),
  settings: jsonb('settings').notNull().default({ theme: 'light' }),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
  // organisations
});

export const users = pgTable('users', {
  id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
  email: text('email').notNull(),
  name: text('name').notNull(),
  role: role('role').notNull().default('member'),
  tags: text('tags').array().notNull().default(sql\`'{}'::text[]\`),
  organisation: uuid('organisation_id').references(() => organisations.id, { onDelete: 'set null' }),
  invitedBy: integer('invited_by'),
  lastSeen: timestamp('last_seen'),
  // users
}, (t) => [
  uniqueIndex('users_email_lower_idx').on(sql\`lower(\${t.email})\`),
  index('users_organisation_idx').on(t.organisation, t.lastSeen.desc()),
  index('users_invited_by_idx').on(t.invitedBy),
  foreignKey({ columns: [t.invitedBy], foreignColumns: [t.id], name: 'users_invited_by_fk' }),
  check('users_name_present', sql\`length(\${t.name}) > 0\`),
]);

export const products = pgTable('products', {
  id: serial('id').primaryKey(),
  sku: varchar('sku', { length: 32 }).notNull(),
  title: text('title').notNull(),
  price: numeric('price', { precision: 10, scale: 2 }).notNull(),
  weight: real('weight'),
  stock: integer('stock').notNull().default(0),
  attributes: jsonb('attributes'),
  searchable: text('searchable').generatedAlwaysAs(sql\`lower(title)\`),
  // products
}, (t) => [
  unique('products_sku_key').on(t.sku),
  index('products_attributes_idx').using('gin', t.attributes),
  index('products_in_stock_idx').on(t.title).where(sql\`\${t.stock} > 0\`),
  check('products_price_positive', sql\`\${t.price} >= 0\`),
]);

export const orders = pgTable('orders', {
  id: bigint('id', { mode: 'number' }).primaryKey().generatedByDefaultAsIdentity({ startWith: 100 }),
  user: integer('user_id').notNull().references(() => users.id, { onDelete: 'cascade' }),
  number: bigint('number', { mode: 'number' }).notNull().default(sql\`nextval('order_numbers')\`),
  state: orderState('state').notNull().default('cart'),
  placedOn: date('placed_on'),
  deliverAt: time('deliver_at'),
  patience: interval('patience'),
  note: text('note'),
  // orders
}, (t) => [
  index('orders_user_idx').on(t.user),
  index('orders_open_idx').on(t.state).where(sql\`\${t.state} = 'cart'\`),
]);

export const orderLines = pgTable('order_lines', {
  order: bigint('order_id', { mode: 'number' }).notNull().references(() => orders.id, { onDelete: 'cascade' }),
  product: integer('product_id').notNull().references(() => products.id),
  quantity: smallint('quantity').notNull().default(1),
}, (t) => [
  primaryKey({ columns: [t.order, t.product] }),
  index('order_lines_product_idx').on(t.product),
]);

export const invoices = billing.table('invoices', {
  id: bigserial('id', { mode: 'number' }).primaryKey(),
  order: bigint('order_id', { mode: 'number' }).notNull().references(() => orders.id),
  currency: currency('currency').notNull().default('eur'),
  total: doublePrecision('total').notNull(),
  raw: json('raw'),
  paid: boolean('paid').notNull().default(false),
}, (t) => [index('invoices_order_idx').on(t.order)]);

export const reader = pgRole('reader');

export const auditLog = pgTable('audit_log', {
  id: bigint('id', { mode: 'bigint' }).primaryKey().generatedAlwaysAsIdentity(),
  user: integer('user_id'),
  address: inet('address'),
  what: text('what').notNull(),
}, (t) => [
  pgPolicy('audit_log_read', { for: 'select', to: reader, using: sql\`true\` }),
  pgPolicy('audit_log_write', { for: 'insert', to: 'public', withCheck: sql\`user_id is not null\` }),
]);

export const paidOrders = pgView('paid_orders').as((qb) => qb.select({ id: orders.id, user: orders.user }).from(orders).where(eq(orders.state, 'paid')));
export const stockTotals = pgMaterializedView('stock_totals').as((qb) => qb.select({ id: products.id, stock: products.stock }).from(products));
// end
`;

/** What is added day by day, each generated as a migration of its own. */
export const LATER_DAYS: readonly Addition[] = [
  {
    title: 'tables that refer to old ones',
    edits: [
      [
        '// end',
        `export const reviewState = pgEnum('review_state', ['open', 'shown']);
export const reviews = pgTable('reviews', {
  id: uuid('id').primaryKey().defaultRandom(),
  product: integer('product_id').notNull().references(() => products.id, { onDelete: 'cascade' }),
  author: integer('author_id').references(() => users.id, { onDelete: 'set null' }),
  answers: uuid('answers'),
  stars: smallint('stars').notNull(),
  state: reviewState('state').notNull().default('open'),
  words: text('words').notNull().default(''),
}, (t) => [
  unique('reviews_product_author_key').on(t.product, t.author),
  index('reviews_author_idx').on(t.author),
  index('reviews_answers_idx').on(t.answers),
  foreignKey({ columns: [t.answers], foreignColumns: [t.id], name: 'reviews_answers_fk' }),
  check('reviews_stars_range', sql\`\${t.stars} between 1 and 5\`),
]);
export const refunds = billing.table('refunds', {
  id: integer('id').primaryKey().generatedAlwaysAsIdentity(),
  invoice: bigint('invoice_id', { mode: 'number' }).notNull().references(() => invoices.id),
  at: timestamp('at', { withTimezone: true }).notNull().defaultNow(),
}, (t) => [uniqueIndex('refunds_invoice_idx').on(t.invoice)]);
// end`,
      ],
    ],
  },
  {
    title: 'columns that may be null, and columns with a constant default',
    edits: [
      [
        '// organisations',
        "plan: text('plan').notNull().default('free'),\n  country: varchar('country', { length: 2 }),",
      ],
      [
        '// users',
        `locale: text('locale').notNull().default('en'),
  isAdmin: boolean('is_admin').notNull().default(false),
  birthday: date('birthday'),
  badges: text('badges').array().notNull().default(sql\`'{}'::text[]\`),
  consentAt: timestamp('consent_at', { withTimezone: true }),
  joinedAt: timestamp('joined_at', { withTimezone: true }).notNull().defaultNow(),
  // users`,
      ],
      [
        '// products',
        `discount: numeric('discount', { precision: 5, scale: 2 }).notNull().default('0'),
  labels: jsonb('labels').notNull().default([]),
  reviewedBy: integer('reviewed_by'),`,
      ],
      [
        '// orders',
        "gift: boolean('gift').default(false),\n  shownTo: role('shown_to').notNull().default('owner'),\n  // orders",
      ],
    ],
  },
  {
    title: 'values of enums, at the end and in the middle',
    edits: [
      ["['member', 'owner']", "['member', 'editor', 'owner', 'guest']"],
      ["['cart', 'paid', 'sent']", "['draft', 'cart', 'paid', 'sent']"],
      ["['eur', 'usd']", "['eur', 'usd', 'chf']"],
    ],
  },
  {
    title: 'a column with a value that the enum has since the day before',
    edits: [['// orders', "visibleTo: role('visible_to').notNull().default('editor'),\n  // orders"]],
  },
  {
    title: 'views, policies, sequences, schemas',
    edits: [
      [
        '// sequences',
        "export const invoiceNumbers = billing.sequence('invoice_numbers', { startWith: 5 });\nexport const support = pgSchema('support');",
      ],
      [
        "  pgPolicy('audit_log_write'",
        "  pgPolicy('audit_log_own', { as: 'restrictive', for: 'update', to: reader, using: sql`user_id = 1` }),\n  pgPolicy('audit_log_write'",
      ],
      [
        '// end',
        `export const openOrders = pgView('open_orders').as((qb) => qb.select({ id: orders.id, note: orders.note }).from(orders).where(eq(orders.state, 'cart')));
export const userCounts = pgMaterializedView('user_counts').as((qb) => qb.select({ organisation: users.organisation, count: sql<number>\`count(*)\`.as('count') }).from(users).groupBy(users.organisation));
export const tickets = support.table('tickets', {
  id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity({ name: 'ticket_ids', startWith: 10, increment: 5 }),
  user: integer('user_id').notNull().references(() => users.id),
  subject: text('subject').notNull(),
}, (t) => [
  index('tickets_user_idx').on(t.user),
  pgPolicy('tickets_all', { to: reader, using: sql\`true\` }),
]);
// end`,
      ],
    ],
  },
  {
    title: 'a column of an old table that refers to another',
    edits: [
      [
        "reviewedBy: integer('reviewed_by')",
        "supplier: uuid('supplier_id').references(() => organisations.id),\n  reviewedBy: integer('reviewed_by')",
      ],
    ],
  },
  {
    title: 'what old rows are held to, and indexes on old tables',
    edits: [
      ["reviewedBy: integer('reviewed_by')", "reviewedBy: integer('reviewed_by').references(() => users.id)"],
      [
        "  index('products_attributes_idx')",
        `  index('products_reviewed_by_idx').on(t.reviewedBy),
  check('products_stock_positive', sql\`\${t.stock} >= 0\`),
  index('products_attributes_idx')`,
      ],
      ["note: text('note')", "note: text('note').notNull()"],
      [
        "patience: interval('patience'),",
        "patience: interval('patience'),\n  barcode: uuid('barcode').notNull().unique().defaultRandom(),",
      ],
      [
        "what: text('what').notNull(),",
        "what: text('what').notNull(),\n  position: bigint('position', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),",
      ],
      ["locale: text('locale')", "country: text('country').notNull(),\n  locale: text('locale')"],
    ],
  },
];

export function withAddition(schema: string, { edits }: Addition): string {
  return edits.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`The schema has nothing like: ${from}`);
    return text.replace(from, () => to);
  }, schema);
}
