import {
  DAY,
  type Draft,
  type Entry,
  entryOf,
  FIRST_WHEN,
  idOf,
  JOURNAL,
  NOW,
  print,
  snapshotPath,
  sqlPath,
  stamp,
} from './draft-history.ts';

/** Breaks one thing at one migration, in the way that people and merges do; `at` is never the first. */
export type Damage = {
  readonly code: string;
  readonly what: string;
  readonly layouts: readonly Draft['layout'][];
  apply(draft: Draft, at: number): Draft;
};

type Apply = Damage['apply'];
type Json = Record<string, unknown>;

const both = (code: string, what: string, apply: Apply): Damage => ({
  code,
  what,
  layouts: ['journal', 'folders'],
  apply,
});
const journal = (code: string, what: string, apply: Apply): Damage => ({
  ...both(code, what, apply),
  layouts: ['journal'],
});
const folders = (code: string, what: string, apply: Apply): Damage => ({
  ...both(code, what, apply),
  layouts: ['folders'],
});

const last = ({ names }: Draft) => names.length - 1;
const STRANGER = 'ffffffff-ffff-4fff-8fff-ffffffffffff';

export const DAMAGES: readonly Damage[] = [
  journal('history/unreadable', 'merge-conflict markers in the journal', (draft, at) =>
    edit(draft, JOURNAL, (text) => conflict(text, `"tag": "${draft.names[at]}"`)),
  ),
  journal('history/unreadable', 'a comma too many in the journal', (draft) =>
    edit(draft, JOURNAL, (text) => text.replace(/\}\s*\]/, '},]')),
  ),
  journal('history/unreadable', 'an entry without its time', (draft, at) =>
    editEntries(draft, (entries) =>
      entries.map((entry, idx) => (idx === at ? { ...entry, when: Number.NaN } : entry)),
    ),
  ),
  folders('history/unreadable', 'a conversion that was cut short', (draft) =>
    write(draft, JOURNAL, print({ version: '7', dialect: 'postgresql', entries: [] })),
  ),
  folders('history/unreadable', 'a folder without a timestamp', (draft) =>
    rename(draft, last(draft), 'x_table'),
  ),

  journal('history/missing-file', 'a file that is gone', (draft, at) => remove(draft, sqlPath(draft, at))),
  journal('history/missing-file', 'the first file is gone', (draft) => remove(draft, sqlPath(draft, 0))),
  both('history/orphan-file', 'a file of nobody', (draft) => write(draft, '9000_by_hand.sql', 'SELECT 1;')),

  journal('history/duplicate-name', 'an entry twice', (draft, at) =>
    editEntries(draft, (entries) => entries.flatMap((entry, idx) => (idx === at ? [entry, entry] : entry))),
  ),
  journal('history/duplicate-when', 'the time of the one before', (draft, at) =>
    setEntry(draft, at, { when: entryOf('', at - 1).when }),
  ),
  journal('history/duplicate-idx', 'the idx of the one before', (draft, at) =>
    setEntry(draft, at, { idx: at - 1 }),
  ),
  journal('history/when-not-increasing', 'two times in the wrong order', (draft, at) =>
    setEntry(setEntry(draft, at, { when: entryOf('', at - 1).when }), at - 1, {
      when: entryOf('', at).when,
    }),
  ),
  journal('history/idx-not-increasing', 'two numbers in the wrong order', (draft, at) =>
    setEntry(setEntry(draft, at, { idx: at - 1 }), at - 1, { idx: at }),
  ),
  journal('history/future-when', 'a clock that was wrong', (draft) =>
    setEntry(draft, last(draft), { when: NOW + 1 }),
  ),
  folders('history/future-when', 'a clock that was wrong', (draft) =>
    rename(draft, last(draft), `${stamp(NOW + DAY)}_table`),
  ),
  journal(
    'history/duplicate-prefix',
    'two tags with one number, and the snapshot that they share',
    (draft) => {
      const end = last(draft);
      const shared = snapshotPath(draft, end - 1);
      const { prevId } = JSON.parse(draft.files[shared] ?? '');
      const mended = editSnapshot(draft, end, (snapshot) => ({ ...snapshot, prevId }));
      const renamed = rename(mended, end, draft.names[end - 1]?.replace(/_.*/, '_zz') ?? '');
      return remove(
        write(renamed, shared, mended.files[snapshotPath(draft, end)] ?? ''),
        snapshotPath(draft, end),
      );
    },
  ),
  folders('history/duplicate-prefix', 'two folders with one timestamp', (draft) =>
    rename(draft, last(draft), `${stamp(FIRST_WHEN + (last(draft) - 1) * DAY)}_zz`),
  ),
  ...['', '\n', '-- Custom SQL migration file, put your code below! --', '/* later; */\n;\n'].map((sql) =>
    both('history/empty-file', `a file with ${JSON.stringify(sql)}`, (draft, at) =>
      write(draft, sqlPath(draft, at), sql),
    ),
  ),
  both('history/crlf', 'CRLF throughout', (draft, at) =>
    edit(draft, sqlPath(draft, at), (sql) => sql.replaceAll('\n', '\r\n')),
  ),
  both('history/crlf', 'one line with CRLF', (draft, at) =>
    edit(draft, sqlPath(draft, at), (sql) => `SELECT 1;\r\n${sql}`),
  ),

  both('snapshots/unreadable', 'merge-conflict markers in a snapshot', (draft, at) =>
    edit(draft, snapshotPath(draft, at), (text) => conflict(text, '"id"')),
  ),
  both('snapshots/unreadable', 'half a snapshot', (draft, at) =>
    edit(draft, snapshotPath(draft, at), (text) => text.slice(0, text.length / 2)),
  ),
  both('snapshots/unreadable', 'a snapshot without id', (draft, at) =>
    editSnapshot(draft, at, ({ id: _, ...rest }) => rest),
  ),
  journal('snapshots/unreadable', 'what an editor left behind', (draft) =>
    write(draft, 'meta/.0001_snapshot.json.swp', '\0'),
  ),
  both('snapshots/missing', 'a snapshot that is gone', (draft, at) => remove(draft, snapshotPath(draft, at))),
  both('snapshots/missing', 'the newest snapshot is gone', (draft) =>
    remove(draft, snapshotPath(draft, last(draft))),
  ),
  both('snapshots/missing', 'the first snapshot is gone', (draft) => remove(draft, snapshotPath(draft, 0))),
  both('snapshots/collision', 'two made on one state', (draft) =>
    setParent(draft, last(draft), JSON.parse(draft.files[snapshotPath(draft, last(draft) - 1)] ?? '')),
  ),
  both('snapshots/collision', 'one id for two', (draft) =>
    editSnapshot(draft, last(draft), (snapshot) => ({ ...snapshot, id: idOf(last(draft) - 1) })),
  ),
  both('snapshots/broken-chain', 'a parent that nobody has', (draft, at) =>
    setParent(draft, at, { prevId: STRANGER }),
  ),
  both('snapshots/broken-chain', 'a beginning that is none', (draft) =>
    setParent(draft, 0, { prevId: STRANGER }),
  ),
  both('snapshots/broken-chain', 'a circle', (draft) =>
    setParent(draft, last(draft) - 1, { prevId: idOf(last(draft)) }),
  ),
  both('snapshots/broken-chain', 'one made on itself', (draft) =>
    setParent(draft, last(draft), { prevId: idOf(last(draft)) }),
  ),
  journal('snapshots/orphan', 'a snapshot of nobody, the newest', (draft) =>
    write(draft, 'meta/9000_snapshot.json', childOf(draft, last(draft))),
  ),
  folders('snapshots/orphan', 'a folder without SQL', (draft) =>
    write(draft, `${stamp(NOW - DAY)}_x/snapshot.json`, childOf(draft, last(draft))),
  ),
  journal('snapshots/stale', 'a snapshot that knows nothing of the SQL', (draft, at) => {
    const { id: _, prevId: __, ...before } = JSON.parse(draft.files[snapshotPath(draft, at - 1)] ?? '');
    return editSnapshot(makeTable(draft, at), at, ({ id, prevId }) => ({ id, prevId, ...before }));
  }),
  folders('snapshots/stale', 'a snapshot that knows nothing of the SQL', (draft, at) =>
    editSnapshot(makeTable(draft, at), at, (snapshot) => ({ ...snapshot, deltas: [] })),
  ),
];

const makeTable = (draft: Draft, at: number) =>
  write(draft, sqlPath(draft, at), 'SELECT 1;\nCREATE TABLE IF NOT EXISTS public."unknown" ("id" int);\n');

function write(draft: Draft, path: string, text: string): Draft {
  return { ...draft, files: { ...draft.files, [path]: text } };
}

function edit(draft: Draft, path: string, change: (text: string) => string): Draft {
  return write(draft, path, change(draft.files[path] ?? ''));
}

function remove(draft: Draft, path: string): Draft {
  const { [path]: _, ...files } = draft.files;
  return { ...draft, files };
}

function editEntries(draft: Draft, change: (entries: readonly Entry[]) => readonly Entry[]): Draft {
  return edit(draft, JOURNAL, (text) => {
    const { entries, ...rest } = JSON.parse(text);
    return print({ ...rest, entries: change(entries) });
  });
}

function setEntry(draft: Draft, at: number, facts: Partial<Entry>): Draft {
  return editEntries(draft, (entries) =>
    entries.map((entry, index) => (index === at ? { ...entry, ...facts } : entry)),
  );
}

function editSnapshot(draft: Draft, at: number, change: (snapshot: Json) => Json): Draft {
  return edit(draft, snapshotPath(draft, at), (text) => print(change(JSON.parse(text))));
}

/** Gives a snapshot the parent that another one has. */
function setParent(draft: Draft, at: number, { prevId, prevIds }: Json): Draft {
  return editSnapshot(draft, at, (snapshot) => ({
    ...snapshot,
    ...(draft.layout === 'journal' ? { prevId } : { prevIds: prevIds ?? [prevId] }),
  }));
}

/** A further snapshot on top of one, with changes of its own. */
function childOf(draft: Draft, at: number): string {
  const snapshot = JSON.parse(draft.files[snapshotPath(draft, at)] ?? '');
  const parent = snapshot.id;
  return print({
    ...snapshot,
    id: STRANGER,
    ...('prevId' in snapshot ? { prevId: parent } : { prevIds: [parent] }),
  });
}

/** Another name for a migration, with all that goes with it. */
function rename(draft: Draft, at: number, name: string): Draft {
  const names = draft.names.map((each, index) => (index === at ? name : each));
  const renamed = { ...draft, names };
  const paths = new Map([
    [sqlPath(draft, at), sqlPath(renamed, at)],
    [snapshotPath(draft, at), snapshotPath(renamed, at)],
  ]);
  const files = Object.fromEntries(
    Object.entries(draft.files).map(([path, text]) => [paths.get(path) ?? path, text]),
  );
  const moved = { ...renamed, files };
  return draft.layout === 'journal' ? setEntry(moved, at, { tag: name }) : moved;
}

/** The line with `mark` on both sides of a conflict. */
function conflict(text: string, mark: string): string {
  return text
    .split('\n')
    .flatMap((line) =>
      line.includes(mark) ? ['<<<<<<< HEAD', line, '=======', line, '>>>>>>> feature'] : line,
    )
    .join('\n');
}
