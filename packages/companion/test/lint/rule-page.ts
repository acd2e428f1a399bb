import { readPage } from '../docs/pages.ts';

/** One migration of an example; `batch` counts deployments, from 1. */
export type ExampleMigration = { readonly name: string; readonly batch: number; readonly sql: string };

/** A block of SQL on a rule's page. */
export type Example = {
  readonly kind: 'bad' | 'good';
  readonly line: number;
  readonly migrations: readonly ExampleMigration[];
  /** The SQLSTATE that PostgreSQL refuses it with. */
  readonly fails: string | null;
  /** The first major version that it runs on. */
  readonly since: number;
};

export type RulePage = {
  readonly path: string;
  readonly text: string;
  readonly headings: readonly string[];
  /** What is there already. */
  readonly before: string;
  readonly examples: readonly Example[];
  /** The words under the page's title. */
  readonly summary: string;
};

export function readRulePage(id: string): RulePage {
  const path = `docs/rules/${id}.md`;
  const { text, headings, blocks } = readPage(path);
  const sql = blocks.filter(({ language }) => language === 'sql');
  const isKind = (kind: string) => sql.filter(({ words }) => words[0] === kind);
  const examples = [...isKind('bad'), ...isKind('good')].map(({ words, line, text: block }): Example => {
    const options = new Map(words.slice(1).map((word) => word.split('=') as [string, string]));
    return {
      kind: words[0] === 'bad' ? 'bad' : 'good',
      line,
      migrations: cutIntoMigrations(block),
      fails: options.get('fails') ?? null,
      since: Number(options.get('since') ?? 0),
    };
  });
  return {
    path,
    text,
    headings,
    before: isKind('before')
      .map(({ text: block }) => block)
      .join('\n'),
    examples,
    summary: text.split('\n').find((line, place) => place > 0 && line !== '') ?? '',
  };
}

/** `-- 0008_index.sql` begins a migration, `-- 0009_validate.sql, a later deployment` one that is deployed later. */
function cutIntoMigrations(block: string): readonly ExampleMigration[] {
  const migrations: { name: string; batch: number; lines: string[] }[] = [];
  let batch = 1;
  for (const line of block.split('\n')) {
    const [, name, later] = /^-- (\d{4}_\w+)\.sql(, a later deployment)?$/.exec(line) ?? [];
    if (later !== undefined) batch++;
    if (name !== undefined) migrations.push({ name, batch, lines: [] });
    else if (migrations.length === 0 && line.trim() !== '')
      migrations.push({ name: '0001_example', batch, lines: [line] });
    else migrations.at(-1)?.lines.push(line);
  }
  return migrations.map(({ name, batch: number, lines }) => ({ name, batch: number, sql: lines.join('\n') }));
}

const MEASURED = /(<!-- measured -->\n)[\s\S]*?(<!-- end -->)/;

/** What stands between the marks for measurements; null for a page without. */
export function measuredPart(text: string): string | null {
  return MEASURED.exec(text)?.[0] ?? null;
}

export function withMeasured(text: string, measured: string): string {
  return text.replace(MEASURED, (_, open: string, close: string) => `${open}${measured}${close}`);
}
