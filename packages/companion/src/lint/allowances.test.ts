import { describe, expect, test } from 'vitest';
import { judge } from '../../test/lint/judge.ts';
import type { LintSettings } from './lint-settings.ts';
import { defineRule } from './rule.ts';
import { invalidSuppression } from './rules/invalid-suppression.ts';
import { syntaxError } from './rules/syntax-error.ts';
import { unusedSuppression } from './rules/unused-suppression.ts';

/** Has something to say of every SELECT. */
const noSelect = defineRule({
  id: 'no-select',
  family: 'style',
  level: 'warning',
  title: 'A SELECT',
  statement: (statement) => ('SelectStmt' in statement.node ? [{ statement, message: 'A SELECT.' }] : []),
});

/** Has something to say of every migration, at its first statement. */
const noFile = defineRule({
  id: 'no-file',
  family: 'style',
  level: 'error',
  title: 'A file',
  migration: ({ statements: [statement] }) => (statement ? [{ statement, message: 'A file.' }] : []),
});

const RULES = [noSelect, invalidSuppression, syntaxError, unusedSuppression];

async function tell(sql: string, settings: Partial<LintSettings> = {}) {
  const { findings, allowed } = await judge({ sources: sql, rules: RULES, settings });
  return {
    kept: findings.map(({ finding }) => `${finding.code}:${finding.line}`),
    allowed: allowed.map(({ code, line }) => `${code}:${line}`),
    messages: findings.map(({ finding }) => finding.message),
  };
}

describe('allow', () => {
  test('the next statement, and none behind it', async () => {
    const told = await tell('-- drizzle-companion: allow no-select it is for the view\nSELECT 1;\nSELECT 2;');
    expect(told).toMatchObject({ kept: ['lint/no-select:3'], allowed: ['lint/no-select:2'] });
  });

  test('the code does as well as the id', async () => {
    const told = await tell('-- drizzle-companion: allow lint/no-select it is for the view\nSELECT 1;');
    expect(told).toMatchObject({ kept: [], allowed: ['lint/no-select:2'] });
  });

  test('a comment of the other kind, over several lines', async () => {
    const told = await tell(
      '/* drizzle-companion: allow no-select\n   because the view\n   wants it */\nSELECT 1;',
    );
    expect(told).toMatchObject({ kept: [], allowed: ['lint/no-select:4'] });
  });

  test('other comments and breakpoints in between', async () => {
    const told = await tell(
      'CREATE TABLE a ();\n-- drizzle-companion: allow no-select it is for the view\n-- and this says more\n--> statement-breakpoint\nSELECT 1;',
    );
    expect(told).toMatchObject({ kept: [], allowed: ['lint/no-select:5'] });
  });

  test('several, one above the other', async () => {
    const { findings, allowed } = await judge({
      sources:
        '-- drizzle-companion: allow no-file it is a file\n-- drizzle-companion: allow no-select it is for the view\nSELECT 1;',
      rules: [...RULES, noFile],
    });
    expect(findings).toEqual([]);
    expect(allowed.map(({ code }) => code)).toEqual(['lint/no-select', 'lint/no-file']);
  });

  test('behind the statement on its line it is for the next one', async () => {
    const told = await tell('SELECT 1; -- drizzle-companion: allow no-select it is for the view\nSELECT 2;');
    expect(told).toMatchObject({ kept: ['lint/no-select:1'], allowed: ['lint/no-select:2'] });
  });

  test('several in one comment, each of them used or not', async () => {
    const { findings, allowed } = await judge({
      sources: '-- drizzle-companion: allow no-select, no-file a report\nSELECT 1;',
      rules: [...RULES, noFile],
    });
    expect(findings).toEqual([]);
    expect(allowed.map(({ code }) => code)).toEqual(['lint/no-select', 'lint/no-file']);
    const { kept, messages } = await tell(
      '-- drizzle-companion: allow no-select, no-other a report\nSELECT 1;',
    );
    expect(kept).toEqual(['lint/invalid-suppression:1']);
    expect(messages[0]).toContain('no rule no-other');
  });

  test('what stands inside a block is the block', async () => {
    const told = await tell(
      '-- drizzle-companion: allow no-select it is for the view\nDO $$ BEGIN CREATE TABLE a AS SELECT 1; SELECT 2; END $$;',
    );
    expect(told.kept).toEqual([]);
    expect(told.allowed).toEqual(['lint/no-select:2']);
  });

  test('what stands in a text is no comment', async () => {
    const told = await tell("SELECT '-- drizzle-companion: allow no-select it is for the view';\nSELECT 2;");
    expect(told).toMatchObject({ kept: ['lint/no-select:1', 'lint/no-select:2'], allowed: [] });
  });
});

describe('allow-file', () => {
  test('every statement, above and below', async () => {
    const told = await tell('SELECT 1;\n-- drizzle-companion: allow-file no-select a report\nSELECT 2;');
    expect(told).toMatchObject({ kept: [], allowed: ['lint/no-select:1', 'lint/no-select:3'] });
  });

  test('and no other file', async () => {
    const { findings } = await judge({
      sources: [
        { sql: '-- drizzle-companion: allow-file no-select a report\nSELECT 1;' },
        { sql: 'SELECT 2;' },
      ],
      rules: RULES,
    });
    expect(findings.map(({ finding }) => finding.migration)).toEqual(['0001']);
  });
});

describe('what allows nothing', () => {
  test('a comment without a reason', async () => {
    const { kept, messages } = await tell('-- drizzle-companion: allow no-select\nSELECT 1;');
    expect(kept).toEqual(['lint/invalid-suppression:1', 'lint/no-select:2']);
    expect(messages[0]).toBe(
      'The comment allows no-select and does not say why; without a reason it counts for nothing.',
    );
  });

  test('a comment without a rule', async () => {
    const { kept, messages } = await tell('-- drizzle-companion: allow\nSELECT 1;');
    expect(kept).toEqual(['lint/invalid-suppression:1', 'lint/no-select:2']);
    expect(messages[0]).toContain('allows no rule');
  });

  test('a rule that is not there', async () => {
    const { kept, messages } = await tell('-- drizzle-companion: allow no-selects for the view\nSELECT 1;');
    expect(kept).toEqual(['lint/invalid-suppression:1', 'lint/no-select:2']);
    expect(messages[0]).toBe(
      'There is no rule no-selects; did you mean no-select? The comment allows nothing.',
    );
  });

  test('a rule that is like no other', async () => {
    const { messages } = await tell('-- drizzle-companion: allow bananas for the view\nSELECT 1;');
    expect(messages[0]).toBe('There is no rule bananas; the comment allows nothing.');
    const coded = await tell('-- drizzle-companion: allow lint/no-selekt for the view\nSELECT 1;');
    expect(coded.messages[0]).toContain('did you mean lint/no-select?');
  });

  test('a comment with nothing behind it must stand before its statement', async () => {
    const { kept, messages } = await tell('SELECT 1; -- drizzle-companion: allow no-select for the view\n');
    expect(kept).toEqual(['lint/no-select:1', 'lint/unused-suppression:1']);
    expect(messages[1]).toBe(
      'No statement stands behind this comment: it allows nothing. Put it before the statement that it is for.',
    );
  });

  test('a comment inside a statement must stand before it', async () => {
    const { kept, messages } = await tell(
      'SELECT -- drizzle-companion: allow no-select for the view\n1;\nCREATE TABLE a ();',
    );
    expect(kept).toEqual(['lint/no-select:1', 'lint/unused-suppression:1']);
    expect(messages[1]).toBe(
      'This comment stands inside a statement, and allows nothing in it. Put it before the statement.',
    );
  });

  test('a comment behind its statement, before one that needs none', async () => {
    const { messages } = await tell(
      'SELECT 1; -- drizzle-companion: allow no-select for the view\nCREATE TABLE a ();',
    );
    expect(messages[1]).toBe(
      'Nothing in the next statement needs this, and the one before it does: no-select is allowed by a comment that stands before the statement.',
    );
  });

  test('a rule that has nothing to say', async () => {
    const { kept, messages } = await tell(
      '-- drizzle-companion: allow no-select for the view\nCREATE TABLE a ();\nSELECT 1;',
    );
    expect(kept).toEqual(['lint/unused-suppression:1', 'lint/no-select:3']);
    expect(messages[0]).toContain('Nothing in the next statement needs this any more');
  });

  test('a file that needs none', async () => {
    const { kept, messages } = await tell(
      'CREATE TABLE a ();\n-- drizzle-companion: allow-file no-select for the view\n',
    );
    expect(kept).toEqual(['lint/unused-suppression:2']);
    expect(messages[0]).toContain('Nothing in this file');
  });

  test('a comment at the end of the file', async () => {
    const { kept } = await tell('SELECT 1;\n-- drizzle-companion: allow no-select for the view');
    expect(kept).toEqual(['lint/no-select:1', 'lint/unused-suppression:2']);
  });

  test('a second comment for the same is used as well as the first', async () => {
    const { kept } = await tell(
      '-- drizzle-companion: allow-file no-select a report\n-- drizzle-companion: allow no-select a report\nSELECT 1;',
    );
    expect(kept).toEqual([]);
  });

  test('a rule that the config turns off is not held against the comment', async () => {
    const levels = new Map([['lint/no-select', 'off']] as const);
    const { kept } = await tell('-- drizzle-companion: allow no-select for the view\nSELECT 1;', { levels });
    expect(kept).toEqual([]);
  });

  test('nothing of it is told where the config says so', async () => {
    const levels = new Map([
      ['lint/unused-suppression', 'off'],
      ['lint/invalid-suppression', 'off'],
    ] as const);
    const { kept } = await tell(
      '-- drizzle-companion: allow no-select for the view\nCREATE TABLE a ();\n-- drizzle-companion: allow no-select\nSELECT 1;',
      { levels },
    );
    expect(kept).toEqual(['lint/no-select:4']);
  });

  test('nor of files that are not judged', async () => {
    const { findings } = await judge({
      sources: [{ sql: '-- drizzle-companion: allow nothing\nSELECT 1;', linted: false }],
      rules: RULES,
    });
    expect(findings).toEqual([]);
  });
});
