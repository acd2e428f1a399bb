const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Calls `clean` when the process ends before `forget` is called. A signal that nobody else listens to still ends the
 * process, after it; one that somebody handles leads to an orderly end, or to the process's exit, by itself.
 */
export function onInterruption(clean: () => void): () => void {
  const listeners = SIGNALS.map((signal) => {
    const listener = () => {
      if (process.listenerCount(signal) > 1) return;
      clean();
      process.off(signal, listener);
      process.kill(process.pid, signal);
    };
    process.on(signal, listener);
    return { signal, listener };
  });
  process.on('exit', clean);
  return () => {
    process.off('exit', clean);
    for (const { signal, listener } of listeners) process.off(signal, listener);
  };
}
