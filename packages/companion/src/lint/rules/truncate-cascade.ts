import { rewritten } from '../advice/edits.ts';
import { showList } from '../advice/show-list.ts';
import { locksOf } from '../facts/locks.ts';
import { keyOfName, nameOfRelation, quoteName, showName } from '../facts/names.ts';
import { isInUse } from '../reading/in-use.ts';
import { standalone } from '../reading/standalone.ts';
import { defineRule } from '../rule.ts';

export const truncateCascade = defineRule({
  id: 'truncate-cascade',
  family: 'data',
  level: 'error',
  title: 'TRUNCATE … CASCADE empties tables that it does not name',
  of: ['TruncateStmt'],
  statement(statement, { facts, parser }) {
    const { node } = statement;
    if (!('TruncateStmt' in node) || node.TruncateStmt.behavior !== 'DROP_CASCADE') return [];
    const named = (node.TruncateStmt.relations ?? []).flatMap((one) =>
      'RangeVar' in one ? [nameOfRelation(one.RangeVar)] : [],
    );
    const keys = new Set(named.map(keyOfName));
    const reached = locksOf(node, facts).map(({ relation }) => relation);
    if (!reached.some((name) => isInUse(name, statement, facts))) return [];
    const unnamed = reached.filter(
      (name) => !keys.has(keyOfName(name)) && facts.table(name)?.partitionOf === null,
    );
    const known =
      unnamed.length === 0
        ? 'No migration makes such a table, but one may be there'
        : `By the migrations that is ${showList(unnamed.map(showName))}`;
    const own = standalone(statement, parser);
    const tokens = own.tokens().filter(({ comment }) => !comment);
    const cascade = tokens.find(({ keyword }) => keyword === 'cascade');
    const options = tokens.find(({ keyword }) => ['restart', 'continue', 'cascade'].includes(keyword ?? ''));
    if (cascade === undefined || options === undefined) return [];
    const before = tokens.filter(({ end }) => end <= options.start).at(-1)?.end ?? options.start;
    const beforeCascade = tokens.filter(({ end }) => end <= cascade.start).at(-1)?.end ?? cascade.start;
    const list = unnamed.map((name) => `, ${quoteName(name)}`).join('');
    return [
      {
        statement,
        message: `TRUNCATE … CASCADE also takes every row of each table whose foreign keys point to ${showList(named.map(showName))}, of those whose keys point there, and so on, even where a key says ON DELETE SET NULL. ${known}. All of them are locked against reads and writes (ACCESS EXCLUSIVE) until the commit, and only a backup brings the rows back.`,
        hint: 'Name every table that is to be empty, and leave CASCADE out: PostgreSQL then refuses where one is forgotten.',
        rewrite: [
          {
            title: 'if all of these are meant',
            sql: rewritten(own, [
              { start: before, end: before, text: list },
              { start: beforeCascade, end: cascade.end, text: '' },
            ]),
          },
        ],
      },
    ];
  },
});
