// Makes the set that a lint rule consists of (rule, test, page), and enters it where rules are listed: in the registry,
// and among the codes that a config may name.
// pnpm new-rule <id>      a new rule
// pnpm new-rule           the lists alone, from the files that are there: after a rename, or when a title has changed
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const lint = `${root}packages/companion/src/lint`;
const pages = `${root}docs/rules`;
const [id] = process.argv.slice(2);

if (id !== undefined) {
  if (!/^[a-z]+(-[a-z]+)*$/.test(id))
    fail(`A rule's id is kebab-case, as in create-index-concurrently; "${id}" is not.`);
  const name = camel(id);
  const files = {
    [`${lint}/rules/${id}.ts`]: ruleTemplate(id, name),
    [`${lint}/rules/${id}.test.ts`]: testTemplate(id, name),
    [`${pages}/${id}.md`]: pageTemplate(id),
  };
  for (const file of Object.keys(files)) if (existsSync(file)) fail(`${file} is there already.`);
  mkdirSync(pages, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(file, text);
  console.log(Object.keys(files).join('\n'));
}
writeRegistry();
writeCodes();
console.log(`
When the rule has its title, its level and its page:
  pnpm new-rule
  UPDATE_DOCS=1 npx vitest run packages/companion/test/lint/rule-pages.test.ts`);

function writeRegistry() {
  const ids = readdirSync(`${lint}/rules`)
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => file.slice(0, -'.ts'.length))
    .sort();
  const imports = ids.map((one) => `import { ${camel(one)} } from './rules/${one}.ts';`);
  const entries = ids.map((one) => `  ${camel(one)},`);
  const file = `${lint}/rules.ts`;
  const text = [
    "import type { Rule } from './rule.ts';",
    ...imports,
    '',
    '/** Every rule of the linter, in the order of their names; `pnpm new-rule` keeps it. */',
    'export const RULES: readonly Rule[] = [',
    ...entries,
    '];',
    '',
  ].join('\n');
  writeFileSync(`${file}.new`, text);
  renameSync(`${file}.new`, file);
  execFileSync(`${root}node_modules/.bin/biome`, ['check', '--write', file], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

/** They are written from the rules themselves, by the test that compares them. */
function writeCodes() {
  execFileSync(
    `${root}node_modules/.bin/vitest`,
    ['run', 'packages/companion/test/docs/lint-codes.test.ts'],
    {
      cwd: root,
      env: { ...process.env, UPDATE_DOCS: '1' },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
}

function camel(text) {
  return text.replace(/-(.)/g, (_, letter) => letter.toUpperCase());
}

function fail(message) {
  console.error(message);
  process.exit(2);
}

function ruleTemplate(rule, name) {
  return `import { defineRule } from '../rule.ts';

export const ${name} = defineRule({
  id: '${rule}',
  family: 'locking',
  level: 'warning',
  title: 'TODO: what it finds, in a line',
  statement(statement, { facts }) {
    return [];
  },
});
`;
}

function testTemplate(rule, name) {
  return `import { expect, test } from 'vitest';
import { expectClean, expectFinding } from '../../../test/lint/expect-lint.ts';
import { ${name} as rule } from './${rule}.ts';

test('TODO', async () => {
  const { message, text } = await expectFinding(rule, 'SELECT 1;');
  expect(text).toBe('SELECT 1');
  expect(message).toContain('TODO');
});
`;
}

function pageTemplate(rule) {
  return `# lint/${rule}

TODO: the rule's title, as a sentence.

## What happens

TODO: which lock, on which table, who waits, how long; or what breaks.

## Bad

\`\`\`sql before
CREATE TABLE users (id bigint PRIMARY KEY, email text);
INSERT INTO users SELECT n, 'user' || n FROM generate_series(1, 1000) n;
\`\`\`

\`\`\`sql bad
SELECT 1;
\`\`\`

## Good

\`\`\`sql good
SELECT 2;
\`\`\`

## Measured

<!-- measured -->
<!-- end -->

## When it is silent

TODO
`;
}
