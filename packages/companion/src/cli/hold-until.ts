/** Timers end at 2^31 - 1 ms; firing once in 24 days does no harm. */
const LONG_MS = 2_147_483_647;

/** Keeps the process alive, with nothing open, until the signal is aborted. */
export async function holdUntil(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const keepAlive = setInterval(() => {}, LONG_MS);
  await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  clearInterval(keepAlive);
}
