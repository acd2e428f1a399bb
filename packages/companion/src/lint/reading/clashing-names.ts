import type { Birth, SchemaFacts } from '../facts/schema-facts.ts';
import type { LintStatement } from '../migration.ts';
import { cutIdentifier, type LongName, longNames } from './created-names.ts';

/** A name that PostgreSQL cuts to one that something else has already, and the full name of that. */
export type ClashingName = { readonly name: LongName; readonly other: string };

/** Those among the names that a statement gives. */
export function clashingNames(statement: LintStatement, facts: SchemaFacts): readonly ClashingName[] {
  const names = longNames(statement);
  return names.flatMap((name, place) => {
    const beside = names.slice(0, place).find((one) => one.cut === name.cut && isSameSpace(one, name));
    const other = beside?.full ?? takenBy(name, facts);
    return other === undefined ? [] : [{ name, other }];
  });
}

function isSameSpace(a: LongName, b: LongName): boolean {
  return spaceOf(a) === spaceOf(b);
}

/** Indexes share their names with tables; a column may have the name of a constraint. */
function spaceOf({ kind }: LongName): 'relation' | 'column' | 'constraint' | 'other' {
  if (kind === 'table' || kind === 'index' || kind === 'view' || kind === 'sequence') return 'relation';
  if (kind === 'column') return 'column';
  return kind === 'type' || kind === 'trigger' || kind === 'policy' ? 'other' : 'constraint';
}

/** The full name of what has the name already; undefined where nothing has, or something of the very same name. */
function takenBy(name: LongName, facts: SchemaFacts): string | undefined {
  return knownIn(name, facts)
    .map((known) => fullNameOf(known, name))
    .find((full) => full !== name.full && cutIdentifier(full) === name.cut);
}

type Known = { readonly name: string; readonly born: Birth };

function knownIn(name: LongName, facts: SchemaFacts): readonly Known[] {
  const table = name.table === null ? null : facts.table(name.table);
  const named = { schema: name.table?.schema ?? null, name: name.cut };
  switch (spaceOf(name)) {
    case 'relation': {
      const relation = facts.table(named);
      const index = facts.index(named);
      const beside = name.table === null ? [] : facts.indexesOf(name.table);
      return [...(relation ? [relation] : []), ...(index ? [index] : []), ...beside].map(
        ({ name: known, born }) => ({ name: known.name, born }),
      );
    }
    case 'column':
      return [...(table?.columns.values() ?? [])];
    case 'constraint':
      return [...(table?.constraints.values() ?? [])];
    default:
      return [];
  }
}

/** The facts have a name as it was cut; the statement that gave it has all of it, and so has a snapshot. */
function fullNameOf({ name, born }: Known, wanted: LongName): string {
  if (born === null) return name;
  const given = longNames(born).find((one) => one.cut === name && isSameSpace(one, wanted));
  return given?.full ?? name;
}
