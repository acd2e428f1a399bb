import type { NodeOf } from '../../sql/parser.ts';
import { constraintsOf } from './alter-commands.ts';
import { mayBeVolatile } from './default-volatility.ts';
import { heaviestOf, type LockWork } from './relation-lock.ts';
import type { SchemaFacts } from './schema-facts.ts';
import { readTypeName } from './sql-type.ts';

const SERIALS = ['serial', 'serial2', 'serial4', 'serial8', 'smallserial', 'bigserial'];

/** What ADD COLUMN does to a table that is there. */
export function workOfNewColumn(column: NodeOf<'ColumnDef'>, facts: SchemaFacts): LockWork {
  const constraints = constraintsOf(column);
  const has = (contype: NodeOf<'Constraint'>['contype']) =>
    constraints.some((constraint) => constraint.contype === contype);
  const type = column.typeName === undefined ? null : readTypeName(column.typeName);
  // A domain may have constraints of its own, and for those PostgreSQL writes every row.
  const writesEach =
    type !== null &&
    (facts.object('domain', type) !== null || (type.schema === null && SERIALS.includes(type.name)));
  if (writesEach) return 'rewrite';
  const filled = has('CONSTR_DEFAULT') || has('CONSTR_GENERATED') || has('CONSTR_IDENTITY');
  return constraints.reduce<LockWork>(
    (work, constraint) => heaviestOf(work, workBeside(constraint, filled)),
    'brief',
  );
}

function workBeside(constraint: NodeOf<'Constraint'>, filled: boolean): LockWork {
  switch (constraint.contype) {
    case 'CONSTR_DEFAULT':
      return mayBeVolatile(constraint.raw_expr) ? 'rewrite' : 'brief';
    case 'CONSTR_GENERATED':
      return constraint.generated_kind === 'v' ? 'brief' : 'rewrite';
    case 'CONSTR_IDENTITY':
      return 'rewrite';
    case 'CONSTR_NOTNULL':
      return filled ? 'brief' : 'scan';
    case 'CONSTR_FOREIGN':
      // A column of nulls has nothing to look up.
      return filled ? workOfNewConstraint(constraint) : 'brief';
    default:
      return workOfNewConstraint(constraint);
  }
}

/** What it takes to believe a constraint; a NOT VALID one is taken at its word. */
export function workOfNewConstraint(constraint: NodeOf<'Constraint'>): LockWork {
  switch (constraint.contype) {
    case 'CONSTR_PRIMARY':
    case 'CONSTR_UNIQUE':
    case 'CONSTR_EXCLUSION':
      return constraint.indexname === undefined ? 'build' : 'brief';
    case 'CONSTR_CHECK':
    case 'CONSTR_NOTNULL':
    case 'CONSTR_FOREIGN':
      return constraint.skip_validation ? 'brief' : 'scan';
    default:
      return 'brief';
  }
}
