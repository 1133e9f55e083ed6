/**
 * Resolves when both streams have handed on all they were given. A pipe whose reader is behind takes writes later, and
 * `process.exit` would drop them: the end of a log was lost that way. A reader that has gone away ends the wait.
 */
export async function flushOutput(): Promise<void> {
  await Promise.all([process.stdout, process.stderr].map(flush));
}

function flush(stream: NodeJS.WriteStream): Promise<void> {
  if (stream.destroyed || stream.writableLength === 0) return Promise.resolve();
  return new Promise((resolve) => {
    stream.once('error', () => resolve());
    stream.write('', () => resolve());
  });
}
