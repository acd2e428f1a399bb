import type { Rewrite } from '../../kernel/finding.ts';
import type { SqlParser } from '../../sql/parser.ts';
import { quoteIdentifier } from '../../sql/quote.ts';
import { namesOf } from '../facts/alter-commands.ts';
import { columnRefs } from '../facts/column-refs.ts';
import type { LintRunner, LintStatement, Span } from '../migration.ts';
import type { NewConstraint } from '../reading/new-constraints.ts';
import { standalone } from '../reading/standalone.ts';
import type { Edit } from '../rule.ts';
import { commandSpans } from './alter-parts.ts';
import { constraintName } from './constraint-name.ts';
import { applyEdits } from './edits.ts';
import { laterMigration } from './later-migration.ts';

type Added = { readonly parser: SqlParser; readonly runner: LintRunner };

/**
 * The ALTER TABLE with its constraints NOT VALID, and VALIDATE CONSTRAINT later. What stood with a new column is
 * taken from it, because PostgreSQL has no NOT VALID there. Null where the text cannot be taken apart.
 */
export function notValidFirst(
  statement: LintStatement,
  constraints: readonly NewConstraint[],
  { parser, runner }: Added,
): readonly Rewrite[] | null {
  const own = standalone(statement, parser);
  const spans = commandSpans(own);
  const [first] = spans ?? [];
  if (spans === null || first === undefined) return null;
  const head = own.text.slice(0, first.start - own.start);
  const edits: Edit[] = [];
  const apart: string[] = [];
  for (const constraint of constraints) {
    const span = spans[constraint.place];
    if (span === undefined) return null;
    const at = constraintSpan(own, constraint, span);
    const text = own.text.slice(at.start - own.start, at.end - own.start);
    if (constraint.column === null) {
      edits.push(...nameEdit(constraint, at), { start: at.end, end: at.end, text: ' NOT VALID' });
      continue;
    }
    const before = own.text.slice(0, at.start - own.start).trimEnd();
    edits.push({ start: own.start + before.length, end: at.end, text: '' });
    apart.push(`${head}ADD ${tableConstraint(text, constraint, parser)} NOT VALID;`);
  }
  const here = applyEdits(
    own.text,
    edits.map((edit) => ({ ...edit, start: edit.start - own.start, end: edit.end - own.start })),
  );
  const validate = constraints.map(
    (constraint) => `${head}VALIDATE CONSTRAINT ${quoteIdentifier(nameOfNew(constraint))};`,
  );
  return [
    { title: 'this migration', sql: [`${here.trimEnd()};`, ...apart].join('\n') },
    { title: laterMigration(runner), sql: validate.join('\n') },
  ];
}

/** The constraint's name, or the one that PostgreSQL would give it. */
export function nameOfNew({ node, table, column }: NewConstraint): string {
  if (node.conname !== undefined) return node.conname;
  const own = column === null ? [] : [column.colname ?? ''];
  if (node.contype === 'CONSTR_FOREIGN') {
    return constraintName(table.name, own.length === 0 ? namesOf(node.fk_attrs) : own, 'fkey');
  }
  if (node.contype !== 'CONSTR_CHECK') {
    const suffix = node.contype === 'CONSTR_NOTNULL' ? 'not_null' : 'key';
    return constraintName(table.name, own.length === 0 ? namesOf(node.keys) : own, suffix);
  }
  const named = columnRefs(node.raw_expr);
  return constraintName(table.name, own.length > 0 ? own : named.length === 1 ? named : [], 'check');
}

/** Where the constraint stands, without the ADD before it. */
export function constraintSpan(
  own: LintStatement,
  { node, column }: Pick<NewConstraint, 'node' | 'column'>,
  command: Span,
): Span {
  const start = own.offsetOf(node.location);
  if (column === null) return { start, end: command.end };
  const later = (column.constraints ?? []).flatMap((one) =>
    'Constraint' in one && !belongsTo(one.Constraint.contype) ? [own.offsetOf(one.Constraint.location)] : [],
  );
  const next = Math.min(...later.filter((place) => place > start), command.end);
  const text = own.text.slice(start - own.start, next - own.start);
  return { start, end: start + text.trimEnd().length };
}

/** DEFERRABLE and the like are nodes of their own, though they say something of the constraint before them. */
function belongsTo(contype: string | undefined): boolean {
  return contype?.startsWith('CONSTR_ATTR_') ?? false;
}

function nameEdit(constraint: NewConstraint, { start }: Span): readonly Edit[] {
  if (constraint.node.conname !== undefined) return [];
  return [{ start, end: start, text: `CONSTRAINT ${quoteIdentifier(nameOfNew(constraint))} ` }];
}

/** `REFERENCES users (id)` of a column → `CONSTRAINT … FOREIGN KEY (…) REFERENCES users (id)` of a table. */
function tableConstraint(text: string, constraint: NewConstraint, parser: SqlParser): string {
  const { node, column } = constraint;
  const wanted = node.contype === 'CONSTR_FOREIGN' ? 'references' : 'check';
  const from = parser.scan(text).find(({ keyword }) => keyword === wanted)?.start ?? 0;
  const key =
    node.contype === 'CONSTR_FOREIGN' ? `FOREIGN KEY (${quoteIdentifier(column?.colname ?? '')}) ` : '';
  return `CONSTRAINT ${quoteIdentifier(nameOfNew(constraint))} ${key}${text.slice(from)}`;
}
