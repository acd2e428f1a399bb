import { describe, expect, it } from 'vitest';
import { readPages, UPDATE, writePage } from './pages.ts';
import { RUNNABLE, runPage } from './run-page.ts';

/** Blocks that nobody runs here, each with its reason on the page. A new one raises this number on purpose. */
const NOT_RUN = 13;

/** The pages of rules are run beside the rules (test/lint/rule-pages.test.ts), which know what is to come of each example. */
const pages = readPages().filter(({ path }) => !/^docs\/rules\/(?!README)/.test(path));

describe('What the pages show is what happens', () => {
  for (const page of pages.filter(({ blocks }) =>
    blocks.some(({ language }) => RUNNABLE.includes(language)),
  )) {
    it(page.path, { timeout: 120_000 }, async () => {
      const { text, differences } = await runPage(page);
      if (UPDATE && differences.length > 0) return writePage(page.path, text);
      const hint = `${page.path} shows something else; UPDATE_DOCS=1 writes it anew`;
      expect(differences.map(({ line, ran }) => `line ${line}\n${ran}`).join('\n'), hint).toBe(
        differences.map(({ line, page: shown }) => `line ${line}\n${shown}`).join('\n'),
      );
    });
  }
});

it('Blocks that are not run say why, and are counted', () => {
  const left = pages.flatMap((page) =>
    page.blocks
      .filter(({ directives }) => directives.has('not run'))
      .map(({ line, directives }) => `${page.path}:${line} ${directives.get('not run')}`),
  );
  console.log(`${left.length} blocks are not run:\n${left.join('\n')}`);
  expect(left.filter((entry) => entry.endsWith(' '))).toEqual([]);
  expect(left).toHaveLength(NOT_RUN);
});
