/** One migration, before it is written in anybody's format. */
export type BenchMigration = {
  /** As drizzle-kit names it: `0007_table_7`. */
  readonly tag: string;
  /** Unix milliseconds, a minute apart. */
  readonly when: number;
  readonly statements: readonly string[];
};

/** A table is made, and changed in those after it. */
export const MIGRATIONS_PER_TABLE = 4;

const FIRST_WHEN = Date.UTC(2024, 0, 1);
const MINUTE = 60_000;

/**
 * A history as drizzle-kit would have written it in a project's life: a new table every fourth migration, the rest
 * columns, indexes, constraints and defaults. Always the same for the same count. Pure.
 */
export function makeHistory(count: number): readonly BenchMigration[] {
  return Array.from({ length: count }, (_, index) => {
    const table = `table_${Math.floor(index / MIGRATIONS_PER_TABLE)}`;
    const before = `table_${Math.max(0, Math.floor(index / MIGRATIONS_PER_TABLE) - 1)}`;
    const [what, statements] = change(index, table, before);
    const tag = `${String(index).padStart(4, '0')}_${table}_${what}`;
    return { tag, when: FIRST_WHEN + index * MINUTE, statements };
  });
}

/** How many tables the history leaves behind: every contender must have made them all. */
export function countTables(history: readonly BenchMigration[]): number {
  return Math.ceil(history.length / MIGRATIONS_PER_TABLE);
}

function change(index: number, table: string, before: string): [string, string[]] {
  switch (index % MIGRATIONS_PER_TABLE) {
    case 0:
      return [
        'create',
        [
          `CREATE TABLE "${table}" (
	"id" uuid PRIMARY KEY DEFAULT gen_random_uuid() NOT NULL,
	"parent_id" uuid,
	"name" text NOT NULL,
	"position" integer DEFAULT 0 NOT NULL,
	"settings" jsonb,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
`,
          `ALTER TABLE "${table}" ADD CONSTRAINT "${table}_parent_id_fk" FOREIGN KEY ("parent_id") REFERENCES "public"."${before}"("id") ON DELETE cascade ON UPDATE no action;`,
          `CREATE INDEX "${table}_parent_id_idx" ON "${table}" USING btree ("parent_id");`,
        ],
      ];
    case 1:
      return [
        'add_columns',
        [
          `ALTER TABLE "${table}" ADD COLUMN "archived_at" timestamp with time zone;`,
          `ALTER TABLE "${table}" ADD COLUMN "email" text;`,
        ],
      ];
    case 2:
      return [
        'index',
        [`CREATE INDEX "${table}_name_idx" ON "${table}" USING btree ("name","created_at" DESC NULLS LAST);`],
      ];
    default:
      return [
        'constrain',
        [
          `ALTER TABLE "${table}" ALTER COLUMN "settings" SET DEFAULT '{}'::jsonb;`,
          `ALTER TABLE "${table}" ADD CONSTRAINT "${table}_email_unique" UNIQUE("email");`,
        ],
      ];
  }
}
