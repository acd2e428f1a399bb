import type { Rewrite } from '../../kernel/finding.ts';
import { locateOffset } from '../../sql/locate.ts';
import type { ParseNode } from '../../sql/parser.ts';
import { quoteIdentifier, quoteLiteral } from '../../sql/quote.ts';
import { type AlterCommand, alterTableCommands } from '../facts/alter-commands.ts';
import { keyOfName, nameOfRelation, quoteName } from '../facts/names.ts';
import type { LintStatement } from '../migration.ts';
import { type ColumnDependent, definitionOf, showDependent } from '../reading/column-dependents.ts';
import type { EnumColumn, EnumGap } from '../reading/enum-gap.ts';
import { constantOf, defaultChanges, type RecreatePlan } from '../reading/enum-gaps.ts';
import type { EnumRecreate } from '../reading/enum-recreates.ts';
import { isComputed, textsIn } from '../reading/settled-values.ts';
import { commandSpans, withoutCommands } from './alter-parts.ts';
import { BREAKPOINT } from './take-out.ts';

/** The statements of the change, every step in its place, and what else stands among them around the steps. */
export function completePart(plan: RecreatePlan): Rewrite {
  const { first } = plan.recreate;
  const outer = first.migration.statements.filter(({ nested }) => !nested);
  const last =
    outer.findLast((statement) => statement.index >= first.index && hasStep(statement, plan)) ?? first;
  const part = outer.filter(({ index }) => index >= first.index && index <= last.index);
  const others = part.flatMap((statement) => {
    const text = besides(statement, plan);
    return text === null ? [] : [{ statement, text }];
  });
  const isBefore = ({ statement }: (typeof others)[number]): boolean =>
    READS_OR_DROPS.some((kind) => kind in statement.node);
  const texts = (some: typeof others): string[] => some.map(({ text }) => text);
  const { sql } = first.migration;
  const [from, to] = [locateOffset(sql, first.start).line, locateOffset(sql, last.end).line];
  return {
    title:
      part.length === outer.length ? 'this migration' : `this migration, in place of lines ${from} to ${to}`,
    sql: [
      ...texts(others.filter(isBefore)),
      completeSteps(plan),
      ...texts(others.filter((one) => !isBefore(one))),
    ].join(`${BREAKPOINT}\n`),
  };
}

function hasStep(statement: LintStatement, { recreate, columns }: RecreatePlan): boolean {
  if ([recreate.create, recreate.rename, recreate.drop].includes(statement)) return true;
  return alterTableCommands(statement.node).some((command) => isStep(command, columns));
}

/** What must happen before the type changes. */
const READS_OR_DROPS = ['UpdateStmt', 'DeleteStmt', 'InsertStmt', 'SelectStmt', 'DoStmt', 'DropStmt'];

/** What the statement does that is no step of the change; null for nothing. */
function besides(statement: LintStatement, { recreate, columns }: RecreatePlan): string | null {
  if ([recreate.create, recreate.rename, recreate.drop].includes(statement)) return null;
  const commands = alterTableCommands(statement.node);
  const steps = new Set(commands.flatMap((command, place) => (isStep(command, columns) ? [place] : [])));
  if (steps.size === 0) return `${statement.text};`;
  const spans = commandSpans(statement);
  return spans === null ? null : withoutCommands(statement, spans, { dropped: steps, edits: [] });
}

function isStep({ subtype, name, relation }: AlterCommand, columns: readonly EnumColumn[]): boolean {
  if (subtype !== 'AT_AlterColumnType' && subtype !== 'AT_ColumnDefault') return false;
  const table = keyOfName(nameOfRelation(relation));
  return columns.some((one) => one.column.name === name && keyOfName(one.table.name) === table);
}

/** The whole of it; each table is written anew once. */
export function completeSteps(plan: RecreatePlan): string {
  const { recreate, columns, gaps } = plan;
  const { type, values } = recreate;
  const dependents = dependentsOf(gaps);
  const retired = retiredName(recreate);
  const tables = new Map<string, EnumColumn[]>();
  for (const column of columns) {
    const name = quoteName(column.table.name);
    tables.set(name, [...(tables.get(name) ?? []), column]);
  }
  const statements = [
    ...dependents.map(dropOf),
    `ALTER TYPE ${quoteName(type)} RENAME TO ${quoteIdentifier(retired.name)};`,
    `CREATE TYPE ${quoteName(type)} AS ENUM (${values.map(quoteLiteral).join(', ')});`,
    ...[...tables].map(([name, own]) => alterTable(name, own, plan)),
    `DROP TYPE ${quoteName(retired)};`,
    ...dependents.toReversed().flatMap((dependent) => remake(dependent, plan) ?? []),
  ];
  const missing = dependents.filter((dependent) => remake(dependent, plan) === null);
  const notes = missing.map((dependent) => `-- behind all this, make ${showDependent(dependent)} again\n`);
  return [...notes, statements.join(`${BREAKPOINT}\n`)].join('');
}

/** Its own SQL, unless that names a value that is gone. */
function remake(dependent: ColumnDependent, { removed }: RecreatePlan): string | null {
  const definition = definitionOf(dependent);
  const isGone = [...textsIn(definition?.node)].some((text) => removed.includes(text));
  return definition === null || isGone ? null : `${definition.text};`;
}

function retiredName({ style, type, oldName }: EnumRecreate) {
  return style === 'rename' ? oldName : { ...type, name: `${type.name}_old` };
}

/** Values that no row may keep, with what the steps put in their place: a proposal, marked as such. */
export function proposedMapping({ column }: EnumColumn, { values }: EnumRecreate): string {
  const current = constantOf(column.default);
  return current !== null && values.includes(current) ? current : (values[0] ?? '');
}

function alterTable(table: string, columns: readonly EnumColumn[], plan: RecreatePlan): string {
  const notes: string[] = [];
  const commands = columns.flatMap((column) => {
    const name = quoteIdentifier(column.column.name);
    const before = defaultBefore(column);
    const after = defaultAfter(column, plan, notes);
    return [
      ...(before ? [`ALTER COLUMN ${name} DROP DEFAULT`] : []),
      `ALTER COLUMN ${name} TYPE ${typeOf(column, plan)} USING ${using(column, plan, notes)}`,
      ...(after === null ? [] : [`ALTER COLUMN ${name} SET DEFAULT ${after}`]),
    ];
  });
  return [...notes.map((note) => `-- ${note}\n`), `ALTER TABLE ${table}\n  ${commands.join(',\n  ')};`].join(
    '',
  );
}

function defaultBefore({ column }: EnumColumn): boolean {
  return column.hasDefault;
}

function typeOf({ column }: EnumColumn, { recreate }: RecreatePlan): string {
  return `${quoteName(recreate.type)}${'[]'.repeat(column.type?.dimensions ?? 0)}`;
}

function using(column: EnumColumn, plan: RecreatePlan, notes: string[]): string {
  const name = quoteIdentifier(column.column.name);
  const type = typeOf(column, plan);
  const left = valuesToMap(column, plan);
  const isArray = (column.column.type?.dimensions ?? 0) > 0;
  const text = `${name}::text${isArray ? '[]' : ''}`;
  if (left.length === 0) return usersOwn(column, plan) ?? `${text}::${type}`;
  const kept = proposedMapping(column, plan.recreate);
  notes.push(
    `${left.map(quoteLiteral).join(', ')} in ${name} becomes ${quoteLiteral(kept)}: put the value that you mean`,
  );
  if (isArray) {
    const replaced = left.reduce(
      (inner, value) => `array_replace(${inner}, ${quoteLiteral(value)}, ${quoteLiteral(kept)})`,
      text,
    );
    return `${replaced}::${type}`;
  }
  const branches = left.map((value) => `WHEN ${quoteLiteral(value)} THEN ${quoteLiteral(kept)}`);
  return `(CASE ${text} ${branches.join(' ')} ELSE ${text} END)::${type}`;
}

/** Of a column that the migration forgets, nobody has said what becomes of any value that is gone. */
function valuesToMap(column: EnumColumn, { recreate, removed, gaps }: RecreatePlan): readonly string[] {
  const gap = gaps.find((one) => one.kind === 'values left' && isSame(one.column, column));
  if (gap?.kind === 'values left') return gap.values;
  // What maps text maps no enum.
  const isOfText = recreate.style !== 'rename' && isMapping(column.cast?.using);
  return column.cast === null || isOfText ? removed : [];
}

function isMapping(using: ParseNode | null | undefined): boolean {
  return using !== undefined && using !== null && isComputed(using);
}

/** USING as it is written, where it can stay. */
function usersOwn({ cast }: EnumColumn, { recreate, gaps }: RecreatePlan): string | null {
  if (cast === null || cast.using === null || recreate.style !== 'rename' || !isComputed(cast.using))
    return null;
  if (gaps.some((gap) => gap.kind === 'no using' && gap.column.cast === cast)) return null;
  const { statement } = cast;
  const place = alterTableCommands(statement.node).findIndex(
    ({ subtype, name }) => subtype === 'AT_AlterColumnType' && name === cast.column,
  );
  const span = commandSpans(statement)?.[place];
  if (span === undefined) return null;
  const inside = statement.tokens().filter(({ start, end }) => start >= span.start && end <= span.end);
  const keyword = inside.find((token) => token.keyword === 'using');
  return keyword === undefined ? null : statement.migration.sql.slice(keyword.end, span.end).trim();
}

/** What the migration sets it to last, else what it was. */
function defaultAfter(column: EnumColumn, plan: RecreatePlan, notes: string[]): string | null {
  const { recreate } = plan;
  const changes = defaultChanges(recreate.first.migration.statements.slice(recreate.first.index), column);
  const last = changes.findLast(({ value }) => value !== null)?.value ?? null;
  const chosen = last ?? column.column.default;
  if (chosen === null) return null;
  const constant = constantOf(chosen);
  if (constant === null) {
    notes.push(`Set the default of ${quoteIdentifier(column.column.name)} again behind this statement`);
    return null;
  }
  const isGone = (column.column.type?.dimensions ?? 0) === 0 && !recreate.values.includes(constant);
  return `${quoteLiteral(isGone ? proposedMapping(column, recreate) : constant)}::${typeOf(column, plan)}`;
}

function isSame(a: EnumColumn, b: EnumColumn): boolean {
  return a.table === b.table && a.column === b.column;
}

function dependentsOf(gaps: readonly EnumGap[]): readonly ColumnDependent[] {
  const found = gaps.flatMap((gap) => (gap.kind === 'dependent' ? [gap.dependent] : []));
  return found.filter(
    (one, place) => found.findIndex((other) => showDependent(other) === showDependent(one)) === place,
  );
}

function dropOf({ kind, name, table }: ColumnDependent): string {
  switch (kind) {
    case 'view':
      return `DROP VIEW ${quoteName(name)};`;
    case 'materialized view':
      return `DROP MATERIALIZED VIEW ${quoteName(name)};`;
    case 'policy':
      return `DROP POLICY ${quoteName(name)} ON ${quoteName(table)};`;
    case 'trigger':
      return `DROP TRIGGER ${quoteName(name)} ON ${quoteName(table)};`;
    case 'column':
      return `ALTER TABLE ${quoteName(table)} DROP COLUMN ${quoteName(name)};`;
    case 'check':
      return `ALTER TABLE ${quoteName(table)} DROP CONSTRAINT ${quoteName(name)};`;
    case 'index':
      return `DROP INDEX ${quoteName(name)};`;
  }
}
