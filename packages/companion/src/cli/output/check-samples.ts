import type { CheckResult } from '../../kernel/check-result.ts';
import type { Finding } from '../../kernel/finding.ts';

/** Plain data that the tests of check's renderers share. */
const JOURNAL = `{
  "version": "7",
  "entries": [
    {
      "idx": 0,
\t\t\t"when": 1704067200000,
      "tag": "0000_users"
    }
  ]
}
`;

export const MISSING: Finding = {
  code: 'history/missing-file',
  level: 'error',
  message:
    'The journal lists 0000_users, and 0000_users.sql is not there: stock drizzle stops at it, on every database that is new.',
  migration: '0000_users',
  file: '/repo/drizzle/meta/_journal.json',
  line: 7,
  column: 14,
  hint: 'Restore the file from git.',
  fix: 'git restore --source=HEAD~1 -- drizzle/0000_users.sql',
  docs: 'docs/findings.md#historymissing-file',
};

export const DRIFT: Finding = {
  code: 'drift/schema',
  level: 'error',
  message: 'table users: column age added',
  fix: 'npx drizzle-kit generate',
  docs: 'docs/findings.md#driftschema',
};

export const CRLF: Finding = {
  code: 'history/crlf',
  level: 'warning',
  message: '0001_a has Windows line ends',
  migration: '0001_a',
  file: '/repo/drizzle/0001_a, 100%.sql',
  line: 1,
  docs: 'docs/findings.md#historycrlf',
};

export const EDITED: Finding = {
  code: 'git/edited',
  level: 'error',
  message: '0000_users is on main and was edited',
  migration: '0000_users',
  file: '/repo/drizzle/0000_users.sql',
  docs: 'docs/findings.md#gitedited',
};

export const PENDING: Finding = {
  code: 'ledger/pending',
  level: 'info',
  message: '0001_a is not applied',
  migration: '0001_a',
  docs: 'docs/findings.md#ledgerpending',
};

export const RESULT: CheckResult = {
  findings: [MISSING, DRIFT, CRLF, PENDING],
  excepted: [EDITED],
  allowed: [],
  notChecked: [{ group: 'git', reason: '/repo is not in a git repository' }],
  notes: ['of the database, the ledger was looked at'],
  groups: ['history', 'snapshots', 'drift', 'database'],
  isPassed: false,
  files: 4,
  sources: new Map([['/repo/drizzle/meta/_journal.json', JOURNAL]]),
  root: '/repo',
  configFile: '/repo/drizzle.config.ts',
};

export const CLEAN: CheckResult = {
  ...RESULT,
  findings: [],
  excepted: [],
  notChecked: [],
  notes: [],
  isPassed: true,
};

export const INDEX_SQL = `CREATE INDEX "users_email"
\tON "users" ("email");
ALTER TABLE "users" ADD "note" text;
`;

export const INDEX: Finding = {
  code: 'lint/create-index-concurrently',
  level: 'error',
  message: 'CREATE INDEX locks users against writes.',
  migration: '0001_index',
  file: '/repo/drizzle/0001_index.sql',
  line: 1,
  column: 1,
  endLine: 2,
  endColumn: 22,
  hint: 'Build it with CONCURRENTLY.',
  rewrite: [
    {
      title: 'a migration of its own',
      sql: 'CREATE INDEX CONCURRENTLY "users_email"\n\tON "users" ("email");\n',
    },
    { sql: 'SELECT 1;' },
  ],
  fix: 'drizzle-companion lint --fix',
  docs: 'docs/rules/create-index-concurrently.md',
};

export const LINTED: CheckResult = {
  ...CLEAN,
  findings: [INDEX],
  allowed: [{ ...INDEX, line: 3 }],
  groups: ['lint'],
  isPassed: false,
  files: 1,
  sources: new Map([['/repo/drizzle/0001_index.sql', INDEX_SQL]]),
};
