import type { NodeOf } from '../../sql/parser.ts';
import { constraintsOf } from './alter-commands.ts';
import { heaviestOf, type LockWork } from './relation-lock.ts';
import type { SchemaFacts } from './schema-facts.ts';
import { needsRewriteToAdd } from './volatility.ts';

/** What ADD COLUMN does to a table that is there. */
export function workOfNewColumn(column: NodeOf<'ColumnDef'>, facts: SchemaFacts): LockWork {
  if (needsRewriteToAdd(column, facts) !== false) return 'rewrite';
  const constraints = constraintsOf(column);
  const filled = constraints.some(({ contype }) => FILLS.includes(contype));
  return constraints.reduce<LockWork>(
    (work, constraint) => heaviestOf(work, workBeside(constraint, filled)),
    'brief',
  );
}

const FILLS: readonly NodeOf<'Constraint'>['contype'][] = ['CONSTR_DEFAULT', 'CONSTR_GENERATED'];

function workBeside(constraint: NodeOf<'Constraint'>, filled: boolean): LockWork {
  switch (constraint.contype) {
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
