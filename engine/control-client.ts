import { connect } from 'node:net';
import { FaultError, NO_RETRY } from '#core/fault.ts';
import { type ControlRequest, parseControlAnswer } from './control-message.ts';

/** How a request to the supervisor went; `unreachable` is no supervisor at that socket, or one that just ended. */
export type ControlResult = 'done' | 'unreachable';

/** Sends one request and waits for its answer. Throws the fault it was refused with. */
export async function askSupervisor(path: string, request: ControlRequest, timeoutMs: number): Promise<ControlResult> {
  const line = await exchange(path, `${JSON.stringify(request)}\n`, timeoutMs);
  if (line === '') return 'unreachable';
  const answer = line === null ? null : parseControlAnswer(line);
  if (answer?.kind === 'done') return 'done';
  throw new FaultError(
    answer?.fault ?? {
      code: 'engine-no-answer',
      message: 'The running engine did not answer',
      cause: line === null ? `nothing within ${timeoutMs / 1000} s` : 'its answer is not understood',
      fix: 'stop it with "buildit engine stop" and run the command again',
      retry: NO_RETRY,
    },
  );
}

/** @returns the answer's text, empty when there was no connection or it ended without one, null when time was up */
function exchange(path: string, text: string, timeoutMs: number): Promise<string | null> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(path);
    const finish = (): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer.trim());
    };
    const timer = setTimeout(() => {
      socket.destroy();
      resolve(null);
    }, timeoutMs);
    socket.setEncoding('utf8');
    socket.on('connect', () => socket.write(text));
    socket.on('data', (chunk: string) => (answer += chunk));
    socket.on('end', finish);
    socket.on('close', finish);
    socket.on('error', finish);
  });
}
