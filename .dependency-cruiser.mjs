// Holds the directions that keep the code readable from the outside in:
// cli → capabilities → sources → sql → kernel. Type-only imports count: they bind just as much.
const src = '^packages/companion/src';
const capabilities = 'migrate|rehearse|status|health|check|lint|enums|repair|baseline|scaffold';
// What a capability offers its siblings: migrate and health act on what status has read, migrate and status tell what
// check finds wrong with a history, and check has a linter, whose rules and facts are its own affair. A rehearsal goes
// the way of migrate up to the first statement, and tells a failure in its words. Invalid indexes are one finding of both.
const rehearsed =
  'prepare-migrate|plan-migrate|shape-steps|refuse|migration-lock|preflight|interruptible|resume|run-units|run-context|run-transaction|watch-blockers|describe-failure';
const doors = `status/read-status\\.ts$|check/diagnose-history\\.ts$|lint/[^/]+\\.ts$|migrate/(${rehearsed}|invalid-indexes)\\.ts$`;
const sources = 'folder|ledger|database|kit|git|catalog|shadow|settings';
const test = '\\.test\\.ts$|^(packages|apps)/[^/]+/test/';
const npm = (name) => `node_modules/${name}/`;

/** Only the files of `home` may import the npm package `name`. */
const keptAt = (name, home, { types = false } = {}) => ({
  name: `${name.replace(/\W+/g, '-').replace(/^-/, '')}-stays-at-home`,
  severity: 'error',
  comment: `${name} is known in one place, so that it can be replaced, and loaded late, there.`,
  from: { path: src, pathNot: `${src}/${home}|${test}` },
  to: { path: npm(name), ...(types ? { dependencyTypesNot: ['type-only'] } : {}) },
});

/** Files of `layer` may not import what stands above it in the package. */
const below = (layer, allowed, comment, files = []) => ({
  name: `${layer.split('|').length > 1 ? 'sources' : layer}-look-down-only`,
  severity: 'error',
  comment,
  from: { path: `${src}/(${layer})/`, pathNot: test },
  to: { path: src, pathNot: [`${src}/(${allowed})/`, ...files.map((file) => `${src}/${file}$`)] },
});

/** A room of the linter imports what stands below it, and the vocabulary at the linter's top. */
const ofLint = (room, allowed, comment) => ({
  name: `lint-${room}-look-down-only`,
  severity: 'error',
  comment,
  from: { path: `${src}/lint/${room}/`, pathNot: test },
  to: { path: `${src}/lint/[^/]+/`, pathNot: `${src}/lint/(${allowed})/` },
});

export default {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: { pathNot: test }, to: { circular: true } },
    {
      name: 'resolvable',
      severity: 'error',
      from: { pathNot: test },
      to: { couldNotResolve: true },
    },
    below('kernel', 'kernel', 'The kernel is the vocabulary: it imports nothing of ours.'),
    {
      name: 'kernel-imports-no-package',
      severity: 'error',
      comment: 'Pure data and types; the type of a postgres.js client is the one exception.',
      from: { path: `${src}/kernel/`, pathNot: test },
      to: { dependencyTypesNot: ['local', 'type-only'] },
    },
    {
      name: 'kernel-knows-no-types-but-postgres',
      severity: 'error',
      from: { path: `${src}/kernel/`, pathNot: test },
      to: { dependencyTypesNot: ['local'], pathNot: npm('postgres') },
    },
    below('sql', 'sql|kernel', 'Pure functions on SQL text.'),
    below(
      sources,
      `${sources}|sql|kernel`,
      'A source knows the outside world, not what we do with it; and which version of us it serves.',
      ['version\\.ts', 'short-lived-webassembly\\.ts'],
    ),
    {
      name: 'capabilities-look-down-only',
      severity: 'error',
      from: { path: `${src}/(${capabilities})/`, pathNot: test },
      to: { path: src, pathNot: `${src}/(${capabilities}|${sources}|sql|kernel)/` },
    },
    {
      name: 'capabilities-keep-apart',
      severity: 'error',
      comment: 'What lies inside a capability belongs to it; the doors are named above.',
      from: { path: `${src}/(${capabilities})/`, pathNot: test },
      to: { path: `${src}/(${capabilities})/`, pathNot: `${src}/($1/|${doors})` },
    },
    ofLint('facts', 'facts', 'What the schema is, whoever asks.'),
    ofLint('reading', 'reading|facts', 'What a statement means where it stands.'),
    ofLint('advice', 'advice|reading|facts', 'The SQL that would be safe, and the edits that make it.'),
    ofLint(
      'rules',
      'advice|reading|facts',
      'No rule knows another: what two of them need stands below them.',
    ),
    {
      name: 'cli-is-the-outside',
      severity: 'error',
      from: { path: src, pathNot: `${src}/(cli/|main\\.ts$)|${test}` },
      to: { path: `${src}/(cli/|main\\.ts$)` },
    },
    {
      name: 'the-library-entry-is-for-others',
      severity: 'error',
      comment: 'Inside the package, import the file that has it.',
      from: { path: src, pathNot: test },
      to: { path: `${src}/index\\.ts$` },
    },
    keptAt('postgres', 'database/', { types: true }),
    keptAt('libpg-query', 'sql/parser\\.ts$'),
    keptAt('simple-git', 'git/'),
    keptAt('drizzle-kit', 'kit/'),
    keptAt('@inquirer/prompts', 'cli/wizard/'),
    {
      name: 'nothing-undeclared',
      severity: 'error',
      comment: 'What a published or deployed file imports stands in its own package.json.',
      from: { path: '^(packages/companion|apps/[^/]+)/src/', pathNot: test },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-development-dependency-at-run-time',
      severity: 'error',
      from: { path: `${src}`, pathNot: test },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'testing-is-for-tests',
      severity: 'error',
      from: { pathNot: `^packages/testing/|${test}` },
      to: { path: '^packages/testing/' },
    },
    {
      name: 'packages-meet-at-their-names',
      severity: 'error',
      comment: 'Another package is imported by its name, through its exports; never by a path into its src.',
      from: { path: '^(packages|apps)/([^/]+)/' },
      to: {
        path: '^(packages|apps)/[^/]+/',
        pathNot: '^$1/$2/',
        dependencyTypes: ['local'],
        dependencyTypesNot: ['aliased-workspace', 'npm', 'npm-dev'],
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules|/dist/' },
    exclude: { path: '^packages/db/migrations/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'types', 'node', 'default'],
      extensions: ['.ts', '.js', '.mjs', '.json'],
    },
  },
};
