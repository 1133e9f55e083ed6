import { EXIT } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';
import type { Screen } from './screen.ts';

const ENTER = new Set([10, 13]);
const CTRL_C = 3;
const CTRL_D = 4;
const BACKSPACE = new Set([8, 127]);

/**
 * A secret from the prompt, without echo, or all of stdin when that is no terminal. `what` names it in the refusal:
 * exit 2 when there is nothing and nobody to ask.
 */
export async function readSecretInput(
  screen: Pick<Screen, 'canPrompt' | 'cry'>,
  question: string,
  what: string,
): Promise<Buffer> {
  const { stdin } = process;
  const given = stdin.isTTY ? (screen.canPrompt ? await askSecretly(screen, question) : null) : await readAll(stdin);
  if (given !== null && given.byteLength > 0) return given;
  throw new CommandError(EXIT.usage, {
    code: 'usage',
    message: `there is no ${what}`,
    fix: `type it at the prompt, or hand it over on stdin: … < FILE`,
  });
}

async function readAll(stdin: NodeJS.ReadStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stdin as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** One line of a terminal in raw mode: nothing of it is shown. Null after Ctrl-D on an empty line. */
function askSecretly(screen: Pick<Screen, 'cry'>, question: string): Promise<Buffer | null> {
  const { stdin } = process;
  // Before the question is shown: what answers it at once is not to be echoed.
  stdin.setRawMode(true);
  screen.cry(question);
  stdin.resume();
  return new Promise((resolve) => {
    let typed: number[] = [];
    const finish = (answer: Buffer | null) => {
      stdin.off('data', onData);
      stdin.setRawMode(false);
      stdin.pause();
      screen.cry('\n');
      resolve(answer);
    };
    const onData = (data: Buffer) => {
      for (const byte of data) {
        if (ENTER.has(byte)) return finish(Buffer.from(typed));
        if (byte === CTRL_C) {
          finish(null);
          process.kill(process.pid, 'SIGINT');
          return undefined;
        }
        if (byte === CTRL_D && typed.length === 0) return finish(null);
        if (BACKSPACE.has(byte)) typed = typed.slice(0, -1);
        else typed.push(byte);
      }
      return undefined;
    };
    stdin.on('data', onData);
  });
}
