import { createInterface } from 'node:readline/promises';

/** One answer from the terminal, trimmed; null when it was closed or interrupted. The question goes to stderr. */
export async function askLine(question: string, signal?: AbortSignal): Promise<string | null> {
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: true });
  const closed = new Promise<null>((resolve) => {
    lines.once('close', () => resolve(null));
  });
  // readline takes Ctrl-C from the terminal; it is handed on as the signal it stands for.
  lines.once('SIGINT', () => {
    lines.close();
    process.kill(process.pid, 'SIGINT');
  });
  try {
    const answer = await Promise.race([lines.question(question, signal ? { signal } : {}), closed]);
    return answer?.trim() ?? null;
  } catch {
    return null;
  } finally {
    lines.close();
  }
}
