import { commandSpans } from '../advice/alter-parts.ts';
import { type AlterCommand, alterTableCommands } from '../facts/alter-commands.ts';
import { nameOfRelation, showName } from '../facts/names.ts';
import { isInUse } from '../reading/in-use.ts';
import { defineRule, type Report } from '../rule.ts';

export const setLoggedOrAccessMethod = defineRule({
  id: 'set-logged-or-access-method',
  family: 'locking',
  level: 'error',
  title: 'SET LOGGED, UNLOGGED, ACCESS METHOD and TABLESPACE write the whole table anew',
  of: ['AlterTableStmt'],
  statement(statement, { facts }) {
    const commands = alterTableCommands(statement.node);
    return commands.flatMap((command, place) => {
      const table = nameOfRelation(command.relation);
      if (!isInUse(table, statement, facts)) return [];
      const told = describe(command, showName(table));
      // What a partitioned table says of storage counts for the partitions that are made later.
      if (told === null || facts.table(table)?.partitioned) return [];
      const at = commands.length > 1 && !statement.nested ? commandSpans(statement)?.[place] : undefined;
      const growing = told.level === undefined ? { growsWith: table } : {};
      return [{ statement, ...(at === undefined ? {} : { at }), ...growing, ...told }];
    });
  },
});

type Told = Pick<Report, 'level' | 'message' | 'hint'>;

const ANOTHER_TABLE =
  'Make a second table as it shall be, let a trigger keep it in step, fill it in batches, and let it take the name of the first.';

function describe(command: AlterCommand, table: string): Told | null {
  const rewrites = (what: string) =>
    `${what} writes all of ${table} and its indexes anew under ACCESS EXCLUSIVE: every read and every write of ${table} waits until the last row is written.`;
  switch (command.subtype) {
    case 'AT_SetLogged':
      return {
        message: `${rewrites('SET LOGGED')} All of it goes through the write-ahead log, and to every replica.`,
        hint: ANOTHER_TABLE,
      };
    case 'AT_SetUnLogged':
      return {
        message: `${rewrites('SET UNLOGGED')} An unlogged table is empty after a crash, and on every replica.`,
        hint: 'For rows that may be lost, make a new unlogged table, and let the code write there.',
      };
    case 'AT_SetAccessMethod':
      return { message: rewrites('SET ACCESS METHOD'), hint: ANOTHER_TABLE };
    case 'AT_SetTableSpace':
      return {
        message: `SET TABLESPACE copies all of ${table} under ACCESS EXCLUSIVE: every read and every write of ${table} waits until it is copied.`,
        hint: 'pg_repack moves a table to another tablespace (`--tablespace`) while reads and writes go on.',
      };
    case 'AT_ReplicaIdentity':
      return isFull(command)
        ? {
            level: 'info',
            message: `With REPLICA IDENTITY FULL every UPDATE and DELETE writes the whole old row of ${table} to the write-ahead log, and a subscriber without a fitting index looks for it by reading its whole table.`,
            hint: 'Where the table has a primary key or a unique index over columns that are NOT NULL, REPLICA IDENTITY DEFAULT or USING INDEX will do.',
          }
        : null;
    default:
      return null;
  }
}

function isFull({ def }: AlterCommand): boolean {
  return def !== undefined && 'ReplicaIdentityStmt' in def && def.ReplicaIdentityStmt.identity_type === 'f';
}
