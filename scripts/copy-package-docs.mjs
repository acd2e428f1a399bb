// Before packing: npm takes README, LICENSE and CHANGELOG from the package's own directory, and ours stand
// in the repository's root, where people look for them.
import { copyFileSync } from 'node:fs';

for (const name of ['README.md', 'LICENSE', 'CHANGELOG.md']) {
  const from = new URL(`../${name}`, import.meta.url);
  copyFileSync(from, new URL(`../packages/companion/${name}`, import.meta.url));
}
