import { temporaryFolder } from '@companion/testing';
import { expect, it } from 'vitest';
import { readPages } from './pages.ts';
import { install } from './project.ts';
import { typeCheck } from './typescript.ts';

it('Every TypeScript block compiles', { timeout: 60_000 }, () => {
  const snippets = readPages().flatMap(({ path, blocks }) =>
    blocks
      .filter(({ language }) => language === 'ts')
      .map(({ line, text, directives }) => ({
        file: `src/${path.replaceAll(/\W/g, '-')}-${line}.ts`,
        text: `${text}\n${directives.get('then') ?? ''}\n`,
      })),
  );
  expect(snippets.length).toBeGreaterThan(0);
  const folder = temporaryFolder({ 'package.json': '{ "type": "module" }' });
  install(folder.path);
  for (const { file, text } of snippets) folder.write(file, text);
  expect(
    typeCheck(
      folder.path,
      snippets.map(({ file }) => file),
    ),
  ).toEqual([]);
});
