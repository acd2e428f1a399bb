import type { SqlParser } from '../sql/parser.ts';
import { canonicalDefinition, type DefinitionForm } from './canonical-definition.ts';
import type { CatalogEntity, CatalogFacts, CatalogKind, CatalogPart } from './catalog.ts';

/** The facts that hold SQL, by what they are said of. Partition keys and bounds are rendered alike everywhere. */
const FORMS: Readonly<Record<string, DefinitionForm>> = {
  'view/definition': 'statement',
  'materialized view/definition': 'statement',
  'function/definition': 'statement',
  'procedure/definition': 'statement',
  'statistics/definition': 'statement',
  'domain/default': 'expression',
  'column/default': 'expression',
  'column/expression': 'expression',
  'constraint/definition': 'constraint',
  'domain constraint/definition': 'domain constraint',
  'index/definition': 'statement',
  'trigger/definition': 'statement',
  'rule/definition': 'statement',
  'policy/using': 'expression',
  'policy/with check': 'expression',
  'member/where': 'expression',
};

/** What facts are said of: an entity, or a part of one. */
export type FactOwner = { readonly kind: CatalogKind; readonly part: CatalogPart['kind'] | null };

/** The fact in the form in which equal means the same. */
export function canonicalFact(
  { kind, part }: FactOwner,
  fact: string,
  value: string,
  parser: SqlParser,
): string {
  const said = part === 'constraint' && kind === 'domain' ? 'domain constraint' : (part ?? kind);
  const form = FORMS[`${said}/${fact}`];
  return form === undefined ? value : canonicalDefinition(value, form, parser);
}

/** All facts in one text, by name. */
export function canonicalFacts(owner: FactOwner, facts: CatalogFacts, parser: SqlParser): string {
  const names = Object.keys(facts).sort();
  return JSON.stringify(names.map((name) => [name, canonicalFact(owner, name, facts[name] ?? '', parser)]));
}

export function ownerOf(entity: CatalogEntity, part: CatalogPart | null = null): FactOwner {
  return { kind: entity.kind, part: part?.kind ?? null };
}
