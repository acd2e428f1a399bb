import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Markdown, parseMarkdown } from './markdown.ts';

export const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

/** `UPDATE_DOCS=1` writes what is generated and what is shown anew, instead of comparing. */
export const UPDATE = process.env.UPDATE_DOCS === '1';

export type Page = Markdown & {
  /** Relative to the repository's root. */
  readonly path: string;
  readonly text: string;
};

/** README and its like, and everything under docs/. */
export function readPages(): readonly Page[] {
  const docs = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => join('docs', path));
  return ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', ...docs.sort()].map(readPage);
}

export function readPage(path: string): Page {
  const text = readFileSync(join(ROOT, path), 'utf8');
  return { path, text, ...parseMarkdown(text) };
}

export function writePage(path: string, text: string): void {
  writeFileSync(join(ROOT, path), text);
}
