import type { Session, Timeouts } from '../../database/session.ts';
import { withTimeouts } from '../../database/session.ts';
import { CompanionError } from '../../kernel/errors.ts';
import type { Finding } from '../../kernel/finding.ts';
import { quoteIdentifier, quoteLiteral, quoteQualified } from '../../sql/quote.ts';

export type SequencesReading = {
  readonly findings: readonly Finding[];
  /** Columns that could not be looked at: `orders.id`. */
  readonly unseen: readonly string[];
};

/** A key's highest value is the end of an index: what takes longer reads a table, and that is not worth it. */
const TIMEOUTS: Timeouts = { lockTimeoutMs: 200, statementTimeoutMs: 1_000 };
/** For all of them; what is left then is not looked at. */
const BUDGET_MS = 10_000;
/** Statements under way at once: the network's time is waited for once, not for each. */
const WINDOW = 8;

/**
 * Columns of whole numbers that take their values from a sequence: identity columns, and those whose default is `nextval` of
 * it. A partition takes its parent's. A sequence that may cycle is never behind. Defaults, which name no column, are printed
 * without their table: PostgreSQL would open it, and wait for whoever has it locked.
 */
const COLUMNS = `WITH uses AS (
  SELECT d.refobjid AS relation, d.refobjsubid AS number, d.objid AS sequence FROM pg_catalog.pg_depend d
  WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
    AND d.deptype = 'i' AND d.refobjsubid > 0
  UNION
  SELECT e.adrelid, e.adnum, d.refobjid FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_attrdef e ON e.oid = d.objid
  JOIN pg_catalog.pg_attribute a ON a.attrelid = e.adrelid AND a.attnum = e.adnum
  WHERE d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
    AND CASE WHEN a.attgenerated = '' THEN pg_catalog.pg_get_expr(e.adbin, 0) LIKE 'nextval(%::regclass)' END)
SELECT n.nspname::text, c.relname::text, a.attname::text, sn.nspname::text, s.relname::text, q.seqincrement::text,
  (pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND pg_catalog.has_schema_privilege(sn.oid, 'USAGE')
    AND pg_catalog.has_column_privilege(c.oid, a.attnum, 'SELECT') AND pg_catalog.has_table_privilege(s.oid, 'SELECT'))::text,
  EXISTS (SELECT FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid AND i.indisunique AND i.indnkeyatts = 1
    AND i.indkey[0] = a.attnum AND i.indpred IS NULL)::text
FROM uses u JOIN pg_catalog.pg_sequence q ON q.seqrelid = u.sequence AND NOT q.seqcycle
JOIN pg_catalog.pg_class s ON s.oid = u.sequence JOIN pg_catalog.pg_namespace sn ON sn.oid = s.relnamespace
JOIN pg_catalog.pg_class c ON c.oid = u.relation AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence <> 't'
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND n.nspname NOT IN ('pg_catalog', 'information_schema')
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = u.number AND NOT a.attisdropped
  AND a.atttypid IN ('int2'::pg_catalog.regtype, 'int4'::pg_catalog.regtype, 'int8'::pg_catalog.regtype)
ORDER BY 1, 2, a.attnum, 4, 5`;

type Column = {
  readonly table: string;
  readonly column: string;
  readonly sequence: string;
  /** As people say it: `orders.id`. */
  readonly name: string;
  readonly sequenceName: string;
  readonly increment: bigint;
  readonly isReadable: boolean;
  readonly isUnique: boolean;
};

/** Sequences that stand at or before what their column has already. Reads, each under a short time-out; waits for nobody. */
export async function readSequences(session: Session): Promise<SequencesReading> {
  const rows = await session.query(COLUMNS).catch((error: unknown) => {
    if (isOwnAffair(error)) return null;
    throw error;
  });
  if (rows === null) return { findings: [], unseen: ['any column'] };
  const columns = rows.map(toColumn);
  const short = withTimeouts(session, TIMEOUTS);
  const findings: Finding[] = [];
  const unseen = columns.filter(({ isReadable }) => !isReadable).map(({ name }) => name);
  const readable = columns.filter(({ isReadable }) => isReadable);
  const deadline = performance.now() + BUDGET_MS;
  for (let at = 0; at < readable.length; at += WINDOW) {
    const window = readable.slice(at, at + WINDOW);
    if (performance.now() > deadline) {
      unseen.push(...readable.slice(at).map(({ name }) => name));
      break;
    }
    const answers = await Promise.allSettled(window.map((column) => short.query(buildStandSql(column))));
    for (const [index, column] of window.entries()) {
      const answer = answers[index];
      if (answer?.status === 'fulfilled') findings.push(...judge(column, answer.value[0] ?? []));
      else if (isOwnAffair(answer?.reason)) unseen.push(column.name);
      else throw answer?.reason;
    }
  }
  return { findings, unseen };
}

function toColumn([schema, table, column, space, sequence, increment, readable, unique]: readonly (
  | string
  | null
)[]): Column {
  const nameIn = (where: string | null | undefined, name: string) =>
    where === 'public' ? name : `${where}.${name}`;
  return {
    table: quoteQualified(schema ?? null, table ?? ''),
    column: quoteIdentifier(column ?? ''),
    sequence: quoteQualified(space ?? null, sequence ?? ''),
    name: `${nameIn(schema, table ?? '')}.${column}`,
    sequenceName: nameIn(space, sequence ?? ''),
    increment: BigInt(increment ?? 1),
    isReadable: readable === 'true',
    isUnique: unique === 'true',
  };
}

/** The sequence is read behind the snapshot: whatever rows are seen, it had given their numbers. */
function buildStandSql({ table, column, sequence, increment }: Column): string {
  const end = increment < 0n ? 'min' : 'max';
  return `SELECT s.last_value::text, s.is_called::text, (SELECT ${end}(t.${column})::text FROM ${table} t) FROM ${sequence} s`;
}

function judge(column: Column, [last, called, end]: readonly (string | null)[]): readonly Finding[] {
  if (last == null || end == null) return [];
  const { increment, name, sequenceName, isUnique, sequence, table, column: quoted } = column;
  const next = BigInt(last) + (called === 'true' ? increment : 0n);
  const furthest = BigInt(end);
  if (increment > 0n ? furthest < next : furthest > next) return [];
  const outcome = isUnique
    ? 'an INSERT that takes a number which is there fails'
    : 'rows will get numbers that others have';
  return [
    {
      code: 'database/sequence-behind',
      level: isUnique ? 'error' : 'warning',
      message: `sequence ${sequenceName}: gives ${next} next, and ${name} goes to ${furthest}: ${outcome}`,
      hint: 'Rows came in with numbers of their own. Set it:',
      rewrite: [
        {
          sql: `SELECT setval(${quoteLiteral(sequence)}, (SELECT ${increment < 0n ? 'min' : 'max'}(${quoted}) FROM ${table}));`,
        },
      ],
      docs: 'docs/findings.md#databasesequence-behind',
    },
  ];
}

/** Timed out, locked, forbidden, dropped meanwhile: this column's affair alone. */
const OWN_AFFAIRS = new Set(['57014', '55P03', '42501', '42P01', '42703']);

function isOwnAffair(reason: unknown): boolean {
  return reason instanceof CompanionError && OWN_AFFAIRS.has(reason.fields.server?.sqlstate ?? '');
}
