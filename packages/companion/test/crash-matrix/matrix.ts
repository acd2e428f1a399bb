import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Finding, MatrixCase } from './run-case.ts';

const DOCUMENT = fileURLToPath(new URL('../../../../docs/crash-matrix.md', import.meta.url));

/** Cases that belong together, under one heading. */
export type Section = {
  readonly title: string;
  readonly intro: string;
  /** Its faults befall the server, so each version has one of its own, and the cases take turns. */
  readonly ownServer?: boolean;
  readonly cases: readonly MatrixCase[];
};

type Row = Finding & { readonly section: string; readonly version: number; readonly matrixCase: MatrixCase };

/** Collects what was found, and renders it in the order of the sections. */
export function createMatrix(sections: readonly Section[], versions: readonly number[]) {
  const rows: Row[] = [];
  return {
    /** A row to be filled in. */
    open: (section: string, version: number, matrixCase: MatrixCase): Finding => {
      const row: Row = {
        section,
        version,
        matrixCase,
        exit: null,
        applied: null,
        invariant: null,
        converged: null,
      };
      rows.push(row);
      return row;
    },
    /** Was every case run on every version, and did everything hold? */
    isComplete: () =>
      rows.length === versions.length * sections.reduce((sum, { cases }) => sum + cases.length, 0) &&
      rows.every(({ converged }) => converged),
    /** Rows of the given versions; the same outcome on several of them is one row. */
    render: (shown: readonly number[]) =>
      renderDocument(
        sections,
        rows.filter(({ version }) => shown.includes(version)),
        shown,
      ),
  };
}

/** Pure. The same rows give the same text. */
function renderDocument(
  sections: readonly Section[],
  rows: readonly Row[],
  versions: readonly number[],
): string {
  const parts = sections.map(({ title, intro, cases }) => {
    const lines = cases.flatMap((matrixCase) =>
      renderCase(
        rows.filter((row) => row.matrixCase === matrixCase),
        versions,
      ),
    );
    return lines.length === 0 ? '' : [`## ${title}`, '', intro, '', ...HEAD, ...lines, ''].join('\n');
  });
  return [PREFACE(versions), ...parts.filter((part) => part !== '')].join('\n');
}

const HEAD = [
  '| step | fault | exit | applied right after | invariant | converged |',
  '|---|---|---|---|---|---|',
];

const PREFACE = (versions: readonly number[]) => `# The crash matrix

Written by \`packages/companion/test/crash-matrix.test.ts\`, which provokes each of these faults against the real bin and a real PostgreSQL ${versions.join(' and ')}, and checks what must hold after every one of them. In CI the test fails when this page is not what it found.

The history has five migrations: \`accounts\` and \`plans\` with a transaction, \`indexes\` (CREATE INDEX CONCURRENTLY, INSERT, REINDEX CONCURRENTLY) and \`drop_index\` (DROP INDEX CONCURRENTLY) without, and \`notes\` with one.

- **exit**: how the broken run ended ([exit codes](exit-codes.md)); *killed* is what SIGKILL does.
- **applied right after**: migrations in the ledger; of one that runs without a transaction and stopped half-way, how many statements had their effect.
- **invariant**: the ledger equals the effects, right after the fault and again when no session of the broken run is left on the server, which takes seconds at most, also when the client vanished in the middle of a statement. A migration with a ledger row has all of its effects; a transactional one without a row has none; any other has those that its progress record tells.
- **converged**: the same command, run again, ends with 0, and catalog, data and ledger equal those of a run that nothing disturbed. Once more, it finds nothing to do.
`;

function renderCase(rows: readonly Row[], versions: readonly number[]): string[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const { exit, applied, invariant, converged } = row;
    const key = JSON.stringify([exit, applied, invariant, converged]);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const seen = group.map(({ version }) => version).sort((a, b) => a - b);
    const on = seen.length === versions.length ? '' : ` (PostgreSQL ${seen.join(', ')})`;
    const { step, fault } = first.matrixCase;
    const cells = [
      `${step}${on}`,
      fault,
      `${first.exit ?? '?'}`,
      first.applied ?? '?',
      word(first.invariant),
      word(first.converged),
    ];
    return [`| ${cells.join(' | ')} |`];
  });
}

function word(held: boolean | null): string {
  return held === null ? 'not reached' : held ? 'yes' : '**no**';
}

/** The document in the repository; empty when there is none. */
export function readDocument(): string {
  try {
    return readFileSync(DOCUMENT, 'utf8');
  } catch {
    return '';
  }
}

/** Another run never sees half of it. */
export function writeDocument(text: string): void {
  mkdirSync(dirname(DOCUMENT), { recursive: true });
  writeFileSync(`${DOCUMENT}.new`, text);
  renameSync(`${DOCUMENT}.new`, DOCUMENT);
}
