import { knowType } from '../facts/known-type.ts';
import { keyOfName } from '../facts/names.ts';
import type { EnumFacts } from '../facts/schema-facts.ts';
import { type TypedConstant, typedConstants } from '../facts/typed-constants.ts';
import type { LintStatement, Span } from '../migration.ts';
import type { RuleContext } from '../rule.ts';

/** A value that ALTER TYPE … ADD VALUE brought, in a place where PostgreSQL reads it as one of its type. */
export type AddedValueUse = {
  readonly constant: TypedConstant;
  readonly enum: EnumFacts;
  /** The ALTER TYPE … ADD VALUE. */
  readonly added: LintStatement;
};

/** From this version on, the values of a type that is itself new in the transaction can be used at once. */
export const NEW_TYPES_ARE_SAFE = 17;

export type AddedValue = Pick<AddedValueUse, 'enum' | 'added'> & { readonly value: string };

/** The uses that the statement makes of values which `isWanted`. */
export function usesOfAddedValues(
  statement: LintStatement,
  { facts, parser }: RuleContext,
  isWanted: (value: AddedValue) => boolean,
): readonly AddedValueUse[] {
  const wanted = [...namedValues(facts.enums(), statement.text)].filter(isWanted);
  if (wanted.length === 0 || isUnread(statement, parser)) return [];
  return typedConstants(statement.node, facts, parser).flatMap((constant) => {
    const base = constant.type === 'unknown' ? null : knowType(constant.type, facts);
    const type = base?.kind === 'domain' ? base.base : constant.type;
    const used = wanted.find(
      (one) =>
        one.value === constant.value && (type === 'unknown' || keyOfName(type) === keyOfName(one.enum.name)),
    );
    return used === undefined ? [] : [{ constant, enum: used.enum, added: used.added }];
  });
}

/** Those that the text has somewhere: a cheap look, for nearly all statements have none. */
function* namedValues(enums: Iterable<EnumFacts>, text: string): Generator<AddedValue> {
  for (const facts of enums) {
    for (const { value, born } of facts.values) {
      if (born === null || !('AlterEnumStmt' in born.node)) continue;
      if (text.includes(value.replaceAll("'", "''"))) yield { enum: facts, added: born, value };
    }
  }
}

/** Where the constant stands; the whole statement where that is not known. */
export function spanOfConstant(statement: LintStatement, { location }: TypedConstant): Span {
  if (statement.nested || location === undefined) return statement;
  const start = statement.offsetOf(location);
  return statement.tokens().find((token) => token.start === start) ?? statement;
}

/** Does PostgreSQL run it without reading it first: a function whose body is not checked, a branch of a DO block? */
function isUnread(statement: LintStatement, parser: RuleContext['parser']): boolean {
  if (statement.nested) return isConditional(statement, parser);
  return 'CreateFunctionStmt' in statement.node && !checksBodies(statement);
}

const BRANCHES: ReadonlySet<string> = new Set(['if', 'case', 'loop', 'while', 'for', 'exception']);

/** Whether a branch of the block is taken is more than its text tells. */
function isConditional({ migration, start }: LintStatement, parser: RuleContext['parser']): boolean {
  const block = migration.statements.find((one) => one.start === start && !one.nested)?.node;
  if (block === undefined || !('DoStmt' in block)) return false;
  return (block.DoStmt.args ?? []).some((arg) => {
    const body = 'DefElem' in arg && arg.DefElem.defname === 'as' ? arg.DefElem.arg : undefined;
    if (body === undefined || !('String' in body)) return false;
    return parser.scan(body.String.sval ?? '').some(({ text }) => BRANCHES.has(text.toLowerCase()));
  });
}

function checksBodies({ migration, index }: LintStatement): boolean {
  const settings = migration.statements
    .slice(0, index)
    .flatMap(({ node }) => ('VariableSetStmt' in node ? [node.VariableSetStmt] : []))
    .filter(({ name }) => name === 'check_function_bodies');
  const [value] = settings.at(-1)?.args ?? [];
  const text = value !== undefined && 'A_Const' in value ? value.A_Const.sval?.sval : undefined;
  return text === undefined || !['off', 'false', '0', 'no'].includes(text);
}
