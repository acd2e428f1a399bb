import type { ParseNode } from '../../sql/parser.ts';
import { alterTableCommands } from '../facts/alter-commands.ts';
import { droppedNames } from '../facts/apply-drop.ts';
import { nameOfRelation, type QualifiedName } from '../facts/names.ts';
import type { SchemaFacts } from '../facts/schema-facts.ts';
import type { LintMigration, LintStatement } from '../migration.ts';
import { policiesOf } from './policies-of.ts';

export type SecurityChange = {
  readonly table: QualifiedName;
  /** `ENABLE ROW LEVEL SECURITY`, `CREATE POLICY readers` */
  readonly what: string;
};

const COMMANDS: Readonly<Record<string, string>> = {
  AT_EnableRowSecurity: 'ENABLE ROW LEVEL SECURITY',
  AT_DisableRowSecurity: 'DISABLE ROW LEVEL SECURITY',
  AT_ForceRowSecurity: 'FORCE ROW LEVEL SECURITY',
  AT_NoForceRowSecurity: 'NO FORCE ROW LEVEL SECURITY',
};

/** What the statement changes in who may see and write which rows. */
export function securityChanges(node: ParseNode): readonly SecurityChange[] {
  if ('CreatePolicyStmt' in node) {
    const { table, policy_name } = node.CreatePolicyStmt;
    return table === undefined
      ? []
      : [{ table: nameOfRelation(table), what: `CREATE POLICY ${policy_name}` }];
  }
  if ('AlterPolicyStmt' in node) {
    const { table, policy_name } = node.AlterPolicyStmt;
    return table === undefined ? [] : [{ table: nameOfRelation(table), what: `ALTER POLICY ${policy_name}` }];
  }
  if ('DropStmt' in node && node.DropStmt.removeType === 'OBJECT_POLICY') {
    return droppedNames(node.DropStmt).map(({ schema, name }) => {
      // A policy is named within its table.
      const [table = '', ...policy] = name.split('.');
      return { table: { schema, name: table }, what: `DROP POLICY ${policy.join('.')}` };
    });
  }
  return alterTableCommands(node).flatMap(({ subtype, relation }) => {
    const what = COMMANDS[subtype ?? ''];
    return what === undefined ? [] : [{ table: nameOfRelation(relation), what }];
  });
}

type Where = {
  readonly statement: LintStatement;
  readonly facts: SchemaFacts;
  readonly migrations: readonly LintMigration[];
};

/** Is it certain that the table has no policy when the transaction commits? Not where its history is not known. */
export function isOpaque(table: QualifiedName, { statement, facts, migrations }: Where): boolean {
  const born = facts.table(table)?.born ?? null;
  return born !== null && policiesOf(table, statement, migrations).size === 0;
}
