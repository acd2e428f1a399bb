import { interruption, throwIfInterrupted } from '../database/pause.ts';
import { CompanionError } from '../kernel/errors.ts';
import { cacheDirectory } from './cache-directory.ts';
import { chooseProvider, pgliteOf } from './choose-provider.ts';
import { prepareShadow } from './prepare-shadow.ts';
import type { OpenShadow, Shadow, ShadowOptions } from './shadow.ts';

/**
 * Gives `use` a fresh database, with what the settings presuppose in it, and takes it away again however `use` ends. A
 * signal ends the statement that runs; what `use` throws because of it becomes the interruption.
 * @throws CompanionError `shadow-unavailable`, `shadow-refused`, or what `use` throws.
 */
export async function withShadow<T>(options: ShadowOptions, use: (shadow: Shadow) => Promise<T>): Promise<T> {
  const { signal, settings, onEvent } = options;
  throwIfInterrupted(signal);
  const shadow = await openShadow(options);
  onEvent?.({ type: 'shadow-ready' });
  signal?.addEventListener('abort', shadow.interrupt, { once: true });
  let thrown: unknown;
  try {
    throwIfInterrupted(signal);
    await prepareShadow(shadow, settings);
    return await use(shadow);
  } catch (error) {
    thrown = signal?.aborted ? interrupted(signal, error) : error;
    throw thrown;
  } finally {
    signal?.removeEventListener('abort', shadow.interrupt);
    await shadow.close().catch((failed: unknown) => {
      // The first error is the one that is told.
      if (thrown === undefined) throw failed;
      if (thrown instanceof CompanionError) thrown.suppressed.push(failed);
    });
  }
}

function interrupted(signal: AbortSignal, error: unknown): unknown {
  const isOurs = error instanceof CompanionError && error.code.startsWith('interrupted');
  return isOurs ? error : interruption(signal).with({ cause: error });
}

/** What each provider stands on is loaded when it is chosen. */
async function openShadow(options: ShadowOptions): Promise<OpenShadow> {
  const { directory, target, signal, settings, waitMs, onEvent = () => undefined } = options;
  const chosen = chooseProvider(settings);
  const { provider } = chosen;
  switch (provider) {
    case 'pglite': {
      const { openPglite } = await import('./pglite-provider.ts');
      const { hasTemplate } = await import('./pglite-template.ts');
      const found = pgliteOf(options);
      const cache = cacheDirectory(directory);
      onEvent({ type: 'shadow-start', provider, isFirst: !hasTemplate(cache, found.version) });
      return openPglite(found, cache, signal);
    }
    case 'embedded': {
      const { findEmbedded } = await import('./embedded-binaries.ts');
      const { openEmbedded } = await import('./embedded-provider.ts');
      onEvent({ type: 'shadow-start', provider, isFirst: false });
      return openEmbedded(findEmbedded(directory), signal);
    }
    case 'server': {
      const { openOnServer } = await import('./server-provider.ts');
      onEvent({ type: 'shadow-start', provider, isFirst: false });
      return openOnServer({ url: chosen.url, target, waitMs, signal, onEvent });
    }
  }
}
