type Stream = { on(event: 'error', listener: (error: NodeJS.ErrnoException) => void): unknown };

/**
 * Takes what fails in writing to a stream, for neither is worth a stack, nor a reason to stop in the middle of a
 * migration: a reader that goes away (`| head`) is no fault, and a full disk is told once.
 */
export function watchWrites(
  stream: Stream,
  tell: (message: string) => void,
): { readonly hasFailed: () => boolean } {
  let hasFailed = false;
  stream.on('error', ({ code, message }) => {
    // What is written behind the first failure fails, too.
    if (code === 'EPIPE' || hasFailed) return;
    hasFailed = true;
    tell(message);
  });
  return { hasFailed: () => hasFailed };
}
