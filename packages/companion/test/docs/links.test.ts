import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT, readPages } from './pages.ts';

const pages = readPages();

it('Every link leads to a file or heading that is there', () => {
  const broken = pages.flatMap(({ path, links, anchors }) =>
    links
      .filter(({ target }) => !/^[a-z]+:/.test(target))
      .filter(({ target }) => {
        const [file = '', anchor] = target.split('#');
        const to = file === '' ? path : normalize(join(dirname(path), file));
        if (!existsSync(join(ROOT, to))) return true;
        if (anchor === undefined) return false;
        const page = file === '' ? { anchors } : pages.find((candidate) => candidate.path === to);
        return page?.anchors.has(anchor) !== true;
      })
      .map(({ target, line }) => `${path}:${line} ${target}`),
  );
  expect(broken).toEqual([]);
});

it('Every page can be reached from the README', () => {
  const reached = new Set(['README.md']);
  for (const from of reached) {
    for (const { target } of pages.find(({ path }) => path === from)?.links ?? []) {
      const to = normalize(join(dirname(from), target.split('#')[0] ?? ''));
      if (to.endsWith('.md')) reached.add(to);
    }
  }
  expect(pages.map(({ path }) => path).filter((path) => !reached.has(path))).toEqual([]);
});
