import { rewritten } from '../advice/edits.ts';
import { BREAKPOINT, scanBetween } from '../advice/take-out.ts';
import type { LintMigration, LintRunner, LintStatement } from '../migration.ts';
import { type SettingChange, settingChanges } from '../reading/setting-changes.ts';
import { defineRule, type Edit, type Report, type RuleContext } from '../rule.ts';

export const sessionSettingLeaks = defineRule({
  id: 'session-setting-leaks',
  family: 'transactions',
  level: 'warning',
  title: 'A setting of the session outlives the migration that makes it',
  migration(migration, context) {
    const left = settingsLeft(migration, context.runner);
    const [first] = left;
    return first === undefined ? [] : [tell(first, left, migration, context)];
  },
});

/** What is still set for the session when the file is over, in the order in which it was set. */
function settingsLeft({ statements }: LintMigration, runner: LintRunner): readonly SettingChange[] {
  const left = new Map<string, SettingChange>();
  for (const change of statements.flatMap((statement) => settingChanges(statement))) {
    const { name, kind } = change;
    if (kind === 'reset' && name === 'all') {
      // RESET ALL leaves these two alone.
      for (const key of left.keys()) if (!isRole(key)) left.delete(key);
    } else if (kind === 'reset' || isDefault(change)) {
      if (!change.local) left.delete(name);
      if (name === 'session_authorization') left.delete('role');
      if (CHARACTERISTICS.includes(name)) left.delete('session characteristics');
    } else if (outlives(change, runner)) {
      // Who sets a time-out twice sets it back.
      const isBack = SET_ANEW.includes(name) && left.has(name);
      left.delete(name);
      if (!isBack) left.set(name, change);
    }
  }
  return [...left.values()];
}

/** The runner sets these anew for each migration. */
const SET_ANEW = [
  'lock_timeout',
  'statement_timeout',
  'idle_in_transaction_session_timeout',
  'client_connection_check_interval',
];

/** What nobody behind can notice, whatever the value. */
const UNNOTICED = ['client_min_messages', 'application_name'];

function outlives({ name, local }: SettingChange, runner: LintRunner): boolean {
  if (UNNOTICED.includes(name)) return false;
  if (runner === 'companion') return !local && !SET_ANEW.includes(name);
  // Under stock drizzle LOCAL lasts for all files that are pending.
  return !local || name === 'search_path' || isRole(name);
}

const DEFAULTS: Readonly<Record<string, readonly string[]>> = {
  client_encoding: ['utf8', 'utf-8', 'unicode'],
  standard_conforming_strings: ['on', 'true'],
  check_function_bodies: ['on', 'true'],
  row_security: ['on', 'true'],
  xmloption: ['content'],
  default_tablespace: [''],
  default_table_access_method: ['heap'],
  search_path: ['public', '$user,public', '"$user",public'],
  transaction_timeout: ['0'],
};

/** pg_dump sets much to what it is anyway. */
function isDefault({ name, values }: SettingChange): boolean {
  return values !== null && (DEFAULTS[name]?.includes(values.join(',').toLowerCase()) ?? false);
}

function isRole(name: string): boolean {
  return name === 'role' || name === 'session_authorization';
}

function tell(
  first: SettingChange,
  left: readonly SettingChange[],
  migration: LintMigration,
  context: RuleContext,
): Report {
  const [head = '', ...others] = left.map(({ name }) => shownName(name));
  // A sentence begins with it; what a setting is called stays as it is.
  const names = [head.replace(/^the /, 'The '), ...others];
  const subject =
    left.length === 1 ? `${names[0]} stays` : `${names.slice(0, -1).join(', ')} and ${names.at(-1)} stay`;
  const whom =
    context.runner === 'companion'
      ? 'for the migrations behind this one when they are deployed together with it, and not when they are deployed later: the same files then do different things.'
      : 'for the pending migrations behind this one, and then in the connection, which goes back to the pool of the application if that runs the migrations.';
  const effects = left.flatMap(({ name }) => EFFECTS[name] ?? []);
  const fixes = left.map((change) => fixOf(change, migration, context.runner));
  const resets = fixes.flatMap(({ resets }) => resets ?? []);
  const edits = fixes.flatMap(({ edit }) => edit ?? []);
  const end = resets.length === 0 ? [] : appendStatements(migration, resets, context);
  const statement = first.statement;
  const isMechanical = end !== null && left.every((change) => !change.statement.nested);
  return {
    statement,
    message: [
      `${subject} set as this migration leaves ${left.length === 1 ? 'it' : 'them'}, ${whom}`,
      ...effects,
    ].join(' '),
    hint: hintFor(edits.length > 0, resets.length > 0),
    ...(isMechanical
      ? {
          rewrite: [{ title: 'this migration', sql: showRewrite(left, fixes) }],
          edits: [...edits, ...end],
        }
      : {}),
  };
}

function hintFor(isLocal: boolean, isReset: boolean): string {
  const local = 'SET LOCAL ends with the transaction';
  const reset = 'RESET at the end of the migration gives back what was there';
  return isLocal && isReset ? `${local}; ${reset}.` : `${isLocal ? local : reset}.`;
}

const EFFECTS: Readonly<Record<string, string>> = {
  search_path: 'Names without a schema are then looked for elsewhere: drizzle-kit writes none for public.',
  role: 'The ledger row of this migration is written by that role, too, and fails if it may not.',
  session_authorization:
    'The ledger row of this migration is written by that user, too, and fails if it may not.',
  'session characteristics': 'Every later transaction begins with them.',
};

type Fix = { readonly edit?: Edit; readonly resets?: readonly string[] };

/** SET LOCAL where all of the file is one transaction of its own; else RESET at its end. */
function fixOf(change: SettingChange, { inTransaction }: LintMigration, runner: LintRunner): Fix {
  const { name, statement, local, localFlag } = change;
  if (!inTransaction || runner === 'drizzle' || isRole(name) || local)
    return { resets: resetNames(name).map((one) => `RESET ${one}`) };
  const tokens = statement.tokens().filter(({ comment }) => !comment);
  if (localFlag !== undefined) {
    const at = statement.offsetOf(localFlag);
    const flag = tokens.find(({ start }) => start === at);
    return flag === undefined ? {} : { edit: { start: flag.start, end: flag.end, text: 'true' } };
  }
  const [set, second] = tokens;
  if (set === undefined || second === undefined) return {};
  if (name === 'session characteristics') {
    const transaction = tokens.find(({ keyword }) => keyword === 'transaction');
    return transaction ? { edit: { start: set.start, end: transaction.end, text: 'SET TRANSACTION' } } : {};
  }
  const isSpelled = second.keyword === 'session';
  return {
    edit: isSpelled
      ? { start: second.start, end: second.end, text: 'LOCAL' }
      : { start: set.end, end: set.end, text: ' LOCAL' },
  };
}

function resetNames(name: string): readonly string[] {
  if (name === 'session_authorization') return ['SESSION AUTHORIZATION'];
  if (name === 'role') return ['ROLE'];
  return name === 'session characteristics' ? CHARACTERISTICS : [name];
}

/** What SET SESSION CHARACTERISTICS sets. */
const CHARACTERISTICS = [
  'default_transaction_isolation',
  'default_transaction_read_only',
  'default_transaction_deferrable',
];

function shownName(name: string): string {
  if (name === 'role') return 'the role';
  if (name === 'session_authorization') return "the session's user";
  return name === 'session characteristics' ? 'the characteristics of transactions' : name;
}

function showRewrite(left: readonly SettingChange[], fixes: readonly Fix[]): string {
  const written = left.map(({ statement }, place) => {
    const edit = fixes[place]?.edit;
    return rewritten(statement, edit === undefined ? [] : [edit]);
  });
  const resets = fixes.flatMap(({ resets: own = [] }) => own.map((reset) => `${reset};`));
  const rest = resets.length === 0 ? [] : ['-- the rest of the migration', ...resets];
  return [...written, ...rest].join('\n');
}

/** Behind the last statement of the file. */
function appendStatements(
  { statements, sql, syntaxFaults }: LintMigration,
  added: readonly string[],
  { parser }: RuleContext,
): readonly Edit[] | null {
  const last: LintStatement | undefined = statements.filter(({ nested }) => !nested).at(-1);
  if (last === undefined || syntaxFaults.length > 0) return null;
  const semicolon = scanBetween(sql, { from: last.end, to: sql.length }, parser).find(
    ({ text }) => text === ';',
  );
  const at = semicolon?.end ?? last.end;
  const text = added.map((statement) => `${BREAKPOINT}\n${statement};`).join('');
  return [{ start: at, end: at, text: semicolon === undefined ? `;${text}` : text }];
}
