// Before packing: npm takes README, LICENSE and CHANGELOG from the package's own directory, and ours stand
// in the repository's root, where people look for them. The pages are those that messages name: who has installed the
// package has them at hand, and `lint --explain` reads them there.
import { copyFileSync, cpSync, mkdirSync, rmSync } from 'node:fs';

const root = new URL('../', import.meta.url);
const target = new URL('../packages/companion/', import.meta.url);

for (const name of ['README.md', 'LICENSE', 'CHANGELOG.md'])
  copyFileSync(new URL(name, root), new URL(name, target));

const docs = new URL('docs/', target);
// A page that is gone must not be packed for ever.
rmSync(docs, { recursive: true, force: true });
mkdirSync(docs);
for (const name of ['findings.md', 'troubleshooting.md'])
  copyFileSync(new URL(`docs/${name}`, root), new URL(name, docs));
cpSync(new URL('docs/rules/', root), new URL('rules/', docs), { recursive: true });
