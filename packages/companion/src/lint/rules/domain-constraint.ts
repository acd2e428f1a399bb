import type { NodeOf } from '../../sql/parser.ts';
import { quoteIdentifier } from '../../sql/quote.ts';
import { constraintName } from '../advice/constraint-name.ts';
import { append, rewritten } from '../advice/edits.ts';
import { laterMigration } from '../advice/later-migration.ts';
import { keyOfName, nameOfParts, type QualifiedName, quoteName, showName } from '../facts/names.ts';
import type { SchemaFacts } from '../facts/schema-facts.ts';
import type { LintStatement } from '../migration.ts';
import { isInUse } from '../reading/in-use.ts';
import { standalone } from '../reading/standalone.ts';
import { defineRule, type Edit, type Report, type RuleContext } from '../rule.ts';

export const domainConstraint = defineRule({
  id: 'domain-constraint',
  family: 'locking',
  level: 'error',
  title: 'A constraint on a domain reads every table that uses it and keeps writes out meanwhile',
  of: ['AlterDomainStmt'],
  statement(statement, context) {
    const { node } = statement;
    if (!('AlterDomainStmt' in node) || !asksOfRows(node.AlterDomainStmt)) return [];
    const { facts } = context;
    const domain = nameOfParts(node.AlterDomainStmt.typeName);
    const known = facts.object('domain', domain);
    if (facts.isNew(known, statement)) return [];
    const tables = usersOf(domain, facts);
    const busy = tables.filter((table) => isInUse(table, statement, facts));
    // Whoever has seen the domain made has seen the tables that use it.
    if (known !== null && busy.length === 0) return [];
    const [only, ...others] = busy;
    const where =
      busy.length === 0
        ? `every table with a column of type ${showName(domain)}`
        : busy.map(showName).join(', ');
    return [
      {
        statement,
        ...(only !== undefined && others.length === 0 && known !== null ? { growsWith: only } : {}),
        message: `PostgreSQL reads all of ${where}, and locks ${others.length === 0 && only !== undefined ? 'it' : 'each of them'} against writes (SHARE) until the transaction ends: every INSERT, UPDATE and DELETE there waits.`,
        ...advise(statement, { node: node.AlterDomainStmt, domain }, context),
      },
    ];
  },
});

/** C: ADD CONSTRAINT, O: SET NOT NULL. */
function asksOfRows({ subtype, def }: NodeOf<'AlterDomainStmt'>): boolean {
  if (subtype === 'O') return true;
  return (
    subtype === 'C' && def !== undefined && 'Constraint' in def && def.Constraint.skip_validation !== true
  );
}

function usersOf(domain: QualifiedName, facts: SchemaFacts): readonly QualifiedName[] {
  const key = keyOfName(domain);
  return [...facts.tables()]
    .filter(({ columns }) =>
      [...columns.values()].some(({ type }) => type !== null && keyOfName(type) === key),
    )
    .map(({ name }) => name);
}

type Found = { readonly node: NodeOf<'AlterDomainStmt'>; readonly domain: QualifiedName };

function advise(
  statement: LintStatement,
  { node: { subtype, def }, domain }: Found,
  { parser, runner }: RuleContext,
): Partial<Report> {
  const own = standalone(statement, parser);
  const constraint = def !== undefined && 'Constraint' in def ? def.Constraint : null;
  const isNotNull = subtype === 'O' || constraint?.contype === 'CONSTR_NOTNULL';
  const suffix = isNotNull ? 'present' : 'check';
  const name = constraint?.conname ?? constraintName(domain.name, [], suffix);
  const named: readonly Edit[] =
    constraint === null || constraint.conname !== undefined
      ? []
      : [{ ...placeOf(own, constraint.location), text: `CONSTRAINT ${quoteIdentifier(name)} ` }];
  const later = laterMigration(runner);
  const sql = isNotNull
    ? `ALTER DOMAIN ${quoteName(domain)} ADD CONSTRAINT ${quoteIdentifier(name)} CHECK (VALUE IS NOT NULL) NOT VALID;`
    : rewritten(own, [...named, append(own, ' NOT VALID')]);
  return {
    hint: `NOT VALID, it holds for all that is written from then on, and no row is read. VALIDATE CONSTRAINT in ${later} reads the old ones, and keeps writes out like this statement does: leave it for a quiet hour. A CHECK on the tables themselves can be validated while writes go on.`,
    rewrite: [
      { title: 'this migration', sql },
      {
        title: `${later}, at a quiet hour`,
        sql: `ALTER DOMAIN ${quoteName(domain)} VALIDATE CONSTRAINT ${quoteIdentifier(name)};`,
      },
    ],
  };
}

function placeOf(own: LintStatement, location: number | undefined) {
  const start = own.offsetOf(location);
  return { start, end: start };
}
