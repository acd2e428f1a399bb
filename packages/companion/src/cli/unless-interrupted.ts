import { CompanionError } from '../kernel/errors.ts';

/** What `work` gives, unless a signal comes before: nothing was changed then, and nothing is waited for. */
export function unlessInterrupted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const interrupted = new Promise<never>((_, reject) => {
    const stop = () => {
      const name = signal.reason === 'SIGTERM' ? 'interrupted-sigterm' : 'interrupted-sigint';
      reject(new CompanionError(name, { message: `${signal.reason}: nothing was changed` }));
    };
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
  });
  return Promise.race([work, interrupted]);
}
