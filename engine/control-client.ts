import { connect } from 'node:net';
import { FaultError, NO_RETRY } from '#core/fault.ts';
import { type ControlRequest, parseControlAnswer } from './control-message.ts';

/** How a request to the supervisor went; `unreachable` is no supervisor at that socket. */
export type ControlResult = 'done' | 'unreachable';

/** Sends one request and waits for its answer. Throws the fault it was refused with. */
export async function askSupervisor(path: string, request: ControlRequest, timeoutMs: number): Promise<ControlResult> {
  const line = await exchange(path, `${JSON.stringify(request)}\n`, timeoutMs);
  if (line === null) return 'unreachable';
  const answer = parseControlAnswer(line);
  if (answer?.kind === 'done') return 'done';
  throw new FaultError(
    answer?.fault ?? {
      code: 'engine-no-answer',
      message: 'The running engine did not answer',
      cause: line === '' ? `nothing within ${timeoutMs / 1000} s` : 'its answer is not understood',
      fix: 'stop it with "buildit engine stop" and run the command again',
      retry: NO_RETRY,
    },
  );
}

/** @returns the answer's text, empty when the connection ended without one, null when there was no connection */
function exchange(path: string, text: string, timeoutMs: number): Promise<string | null> {
  return new Promise((resolve) => {
    let answer = '';
    let isConnected = false;
    const socket = connect(path);
    const finish = (): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(isConnected ? answer.trim() : null);
    };
    const timer = setTimeout(finish, timeoutMs);
    socket.setEncoding('utf8');
    socket.on('connect', () => {
      isConnected = true;
      socket.write(text);
    });
    socket.on('data', (chunk: string) => (answer += chunk));
    socket.on('end', finish);
    socket.on('close', finish);
    socket.on('error', finish);
  });
}
