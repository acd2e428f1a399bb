import { showName } from '../facts/names.ts';
import { showDependent } from '../reading/column-dependents.ts';
import type { EnumColumn, EnumGap } from '../reading/enum-gap.ts';
import type { EnumRecreate } from '../reading/enum-recreates.ts';

/** What is missing, in one sentence for each gap. */
export function describeGaps(gaps: readonly EnumGap[], recreate: EnumRecreate): string {
  return [...new Set(gaps.map((gap) => describeGap(gap, recreate)))].join(' ');
}

function describeGap(gap: EnumGap, { type, oldName, style }: EnumRecreate): string {
  switch (gap.kind) {
    case 'default stays':
      return style === 'text' && 'DropStmt' in gap.at.node
        ? `The default of ${show(gap.column)} is still one of the old ${showName(type)} when that is dropped: PostgreSQL refuses (2BP01).`
        : `${show(gap.column)} keeps its default while its type changes, and PostgreSQL cannot cast that along (42804).`;
    case 'default lost':
      return `The default of ${show(gap.column)} is dropped and not set again: rows inserted without the column get NULL, or fail.`;
    case 'default removed':
      return `${show(gap.column)} is given the default '${gap.value}', which ${showName(type)} no longer has (22P02).`;
    case 'column left':
      return gap.cascade
        ? `${show(gap.column)} is still of the old type, and DROP TYPE … CASCADE drops the column with all its values.`
        : 'DropStmt' in gap.at.node
          ? `${show(gap.column)} is still of the old type, so that DROP TYPE is refused (2BP01).`
          : `${show(gap.column)} is left on the old type, ${showName(oldName)}.`;
    case 'no using':
      return `The new type of ${show(gap.column)} needs a USING that goes by way of text: PostgreSQL casts no enum to another.`;
    case 'dependent':
      return `${capital(showDependent(gap.dependent))} uses ${show(gap.column)}, and is not dropped before its type changes: PostgreSQL refuses (${stateOf(gap)}).`;
    case 'user of type':
      return `${capital(gap.what)} is declared with the type, so that DROP TYPE is refused (2BP01).`;
    case 'type left':
      return `The old type stays behind as ${showName(oldName)}: it is never dropped, and the next change of this kind meets its name.`;
    case 'values left':
      return `Rows of ${showName(gap.column.table.name)} that hold ${gap.values.map((value) => `'${value}'`).join(' or ')} in ${gap.column.column.name} fail to be cast (22P02): the new list has no such value, and nothing says what becomes of them.`;
  }
}

function stateOf({ dependent }: Extract<EnumGap, { kind: 'dependent' }>): string {
  if (dependent.kind === 'column') return '0A000, before version 15 42601';
  return dependent.kind === 'check' || dependent.kind === 'index' ? '42883' : '0A000';
}

function show({ table, column }: EnumColumn): string {
  return `${showName(table.name)}.${column.name}`;
}

function capital(text: string): string {
  return `${text[0]?.toUpperCase()}${text.slice(1)}`;
}
