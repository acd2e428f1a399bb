import type { NodeOf } from '../../sql/parser.ts';
import { alterTableCommands, columnOf, constraintsOf } from '../facts/alter-commands.ts';
import { nameOfRelation, type QualifiedName } from '../facts/names.ts';
import type { SchemaFacts } from '../facts/schema-facts.ts';
import type { LintStatement, Span } from '../migration.ts';
import { isInUse } from '../reading/in-use.ts';
import type { Edit, Report } from '../rule.ts';
import { commandSpans } from './alter-parts.ts';
import { applyEdits } from './edits.ts';
import { constraintSpan } from './not-valid-first.ts';

/** A column that an ALTER TABLE adds to a table that may be in use. */
export type AddedColumn = {
  readonly table: QualifiedName;
  readonly name: string;
  readonly definition: NodeOf<'ColumnDef'>;
  /** The command's place among those of the ALTER TABLE, from 0. */
  readonly place: number;
};

type ContypeOf = NodeOf<'Constraint'>['contype'];

export function addedColumns(statement: LintStatement, facts: SchemaFacts): readonly AddedColumn[] {
  return alterTableCommands(statement.node).flatMap((command, place) => {
    const definition = command.subtype === 'AT_AddColumn' ? columnOf(command) : null;
    if (definition === null) return [];
    const table = nameOfRelation(command.relation);
    if (!isInUse(table, statement, facts)) return [];
    const name = definition.colname ?? '';
    const isThere = facts.table(table)?.columns.has(name) ?? false;
    return command.missing_ok === true && isThere ? [] : [{ table, name, definition, place }];
  });
}

export function constraintOfKind(
  definition: NodeOf<'ColumnDef'>,
  contype: ContypeOf,
): NodeOf<'Constraint'> | null {
  return constraintsOf(definition).find((constraint) => constraint.contype === contype) ?? null;
}

/** An ALTER TABLE, cut where its added columns can be changed. */
export type ColumnText = {
  /** `ALTER TABLE "users" `, to begin other statements with. */
  readonly head: string;
  /** Where the last command ends. */
  readonly end: number;
  /** What the column's constraint says behind a keyword: the value of DEFAULT; null where it says no such thing. */
  behind(column: AddedColumn, contype: ContypeOf, keyword: string): string | null;
  constraintSpan(column: AddedColumn, contype: ContypeOf): Span | null;
  /** The statement without these constraints, and with edits besides. */
  without(columns: readonly AddedColumn[], contypes: readonly ContypeOf[], edits?: readonly Edit[]): string;
  typeSpan(column: AddedColumn): Span | null;
  commandSpan(column: AddedColumn): Span | null;
};

/** Null where the text cannot be taken apart. `own` stands by itself: see `standalone`. */
export function readColumnText(own: LintStatement): ColumnText | null {
  const spans = commandSpans(own);
  const first = spans?.[0];
  if (spans === null || first === undefined) return null;
  const textOf = ({ start, end }: Span) => own.text.slice(start - own.start, end - own.start);

  function spanOf({ definition, place }: AddedColumn, node: NodeOf<'Constraint'>): Span | null {
    const command = spans?.[place];
    if (command === undefined) return null;
    const span = constraintSpan(own, { node, column: definition }, command);
    // NOT NULL ends with its NULL: what follows may belong to the column.
    const last = own
      .tokens()
      .find(({ start, end, keyword }) => start > span.start && end <= span.end && keyword === 'null');
    return node.contype === 'CONSTR_NOTNULL' && last !== undefined ? { ...span, end: last.end } : span;
  }

  return {
    head: own.text.slice(0, first.start - own.start),
    end: spans.at(-1)?.end ?? own.end,
    behind(column, contype, keyword) {
      const span = this.constraintSpan(column, contype);
      if (span === null) return null;
      const word = own.tokens().find((token) => token.start >= span.start && token.keyword === keyword);
      if (word === undefined || word.end > span.end) return null;
      return textOf(withoutComment(own, { ...span, start: word.end })).trim();
    },
    without(columns, contypes, edits = []) {
      const removed = columns.flatMap((column) =>
        constraintsOf(column.definition)
          .filter(({ contype }) => contypes.includes(contype))
          .flatMap((node) => withBlankBefore(own, spanOf(column, node))),
      );
      const kept = [...removed, ...edits];
      const moved = [...kept, ...lineComments(own, kept)].map((edit) => ({
        ...edit,
        start: edit.start - own.start,
        end: edit.end - own.start,
      }));
      return `${applyEdits(own.text, moved).trimEnd()};`;
    },
    constraintSpan(column, contype) {
      const node = constraintOfKind(column.definition, contype);
      return node === null ? null : spanOf(column, node);
    },
    typeSpan({ definition, place }) {
      const command = spans[place];
      const { typeName } = definition;
      if (command === undefined || typeName === undefined) return null;
      const start = own.offsetOf(typeName.location);
      const constraints = constraintsOf(definition).map(({ location }) => own.offsetOf(location));
      return withoutComment(own, { start, end: Math.min(...constraints, command.end) });
    },
    commandSpan: ({ place }) => spans[place] ?? null,
  };
}

/** Up to the last word of it. */
function withoutComment(own: LintStatement, { start, end }: Span): Span {
  const last = own
    .tokens()
    .filter((token) => !token.comment && token.end <= end)
    .at(-1);
  return { start, end: Math.max(start, last?.end ?? end) };
}

/** A comment to the end of its line would swallow what is put behind it. */
function lineComments(own: LintStatement, edits: readonly Edit[]): readonly Edit[] {
  return own
    .tokens()
    .filter(({ comment, text }) => comment && text.startsWith('--'))
    .filter(({ start, end }) => !edits.some((edit) => edit.start < end && start < edit.end))
    .flatMap((span) => withBlankBefore(own, span));
}

function withBlankBefore(own: LintStatement, span: Span | null): readonly Edit[] {
  if (span === null) return [];
  const before = own.text.slice(0, span.start - own.start);
  return [{ start: own.start + before.trimEnd().length, end: span.end, text: '' }];
}

/** Where a report of these columns points: at the command, where one alone is meant and its place is known. */
export function placeOfColumns(
  { nested }: LintStatement,
  text: ColumnText | null,
  found: readonly AddedColumn[],
): Pick<Report, 'at'> {
  const [only, ...others] = found;
  const span = only === undefined || others.length > 0 ? null : text?.commandSpan(only);
  return nested || !span ? {} : { at: span };
}
