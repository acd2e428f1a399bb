import { CompanionError, type ServerError } from '../kernel/errors.ts';
import { locateOffset, offsetOfPosition } from '../sql/locate.ts';
import { loadSqlParser } from '../sql/parser.ts';
import { quoteIdentifier } from '../sql/quote.ts';
import { renderSnippet } from '../sql/render-snippet.ts';
import { skipBlank } from '../sql/skip-blank.ts';
import { splitStatements } from '../sql/split-statements.ts';
import { leaveOutDatabases } from './about-database.ts';
import { adviseOnExtension, type ReplayAdvice } from './advise-on-extension.ts';
import { explainReplayFailure } from './explain-replay-failure.ts';
import type { Shadow, ShadowSettings } from './shadow.ts';
import { findUnfit } from './shape-replay.ts';

/** Puts into a new shadow what the migrations presuppose: extensions, then SQL, each statement by itself. */
export async function prepareShadow(
  shadow: Shadow,
  { extensions, before }: Pick<ShadowSettings, 'extensions' | 'before'>,
): Promise<void> {
  for (const name of extensions) {
    try {
      await shadow.execute(`CREATE EXTENSION IF NOT EXISTS ${quoteIdentifier(name)} CASCADE`);
    } catch (error) {
      if (!(error instanceof CompanionError) || error.fields.server === undefined) throw error;
      throw new CompanionError('shadow-unavailable', {
        message: `shadow.extensions names ${name}, and the shadow (${shadow.provider}) cannot make it: ${error.message}`,
        server: error.fields.server,
        ...adviseOn(name, error.fields.server, shadow),
        cause: error,
      });
    }
  }
  if (before === null) return;
  const parser = await loadSqlParser();
  const unfit = findUnfit(before.sql, shadow.provider, parser);
  if (unfit !== null) {
    const at = unfit.statement.offset + skipBlank(unfit.statement.text, 0);
    throw new CompanionError('settings-invalid', {
      message: `${before.file}, which shadow.before names: ${unfit.message}`,
      place: { file: before.file, ...locateOffset(before.sql, at) },
      snippet: renderSnippet(before.sql, at),
      statement: unfit.statement.text,
      hint: unfit.hint,
    });
  }
  for (const { text, offset } of splitStatements(leaveOutDatabases(before.sql, parser), parser)) {
    try {
      await shadow.execute(text);
    } catch (error) {
      if (!(error instanceof CompanionError) || error.fields.server === undefined) throw error;
      const { server } = error.fields;
      const start =
        server.position === undefined ? skipBlank(text, 0) : offsetOfPosition(text, server.position);
      throw new CompanionError('settings-invalid', {
        message: `${before.file}, which shadow.before names, failed on the shadow (${shadow.provider}): ${error.message}`,
        place: { file: before.file, ...locateOffset(before.sql, offset + start) },
        snippet: renderSnippet(before.sql, offset + start),
        statement: text,
        server,
        cause: error,
      });
    }
  }
}

/** A package that is there, and is for another PGlite, need not be installed. */
function adviseOn(name: string, server: ServerError, shadow: Shadow): ReplayAdvice {
  return server.message.includes('could not load')
    ? explainReplayFailure(server, { ...shadow, transaction: false })
    : adviseOnExtension(name, shadow.provider);
}
