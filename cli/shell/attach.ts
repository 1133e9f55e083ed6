import type { ApiClient } from '#api/client/client.ts';
import type { ShellNews } from '#api/client/shell-calls.ts';
import type { ShellObject, TerminalSize } from '#core/shell.ts';
import { EXIT } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';
import type { Screen } from '../terminal/screen.ts';

/** Joins this terminal with one in a stage until either ends; stdin must be a terminal. Answers the shell's exit code. */
export async function attachShell(
  api: ApiClient,
  screen: Pick<Screen, 'say' | 'paint'>,
  target: { run: string; stage: string; secrets: boolean },
): Promise<number> {
  const shell = await api.openShell(target.run, target.stage, { ...sizeHere(), secrets: target.secrets });
  return joinTerminal(api, screen, shell);
}

async function joinTerminal(
  api: ApiClient,
  screen: Pick<Screen, 'say' | 'paint'>,
  shell: ShellObject,
): Promise<number> {
  const { stdin, stdout } = process;
  let last: Exclude<ShellNews, { kind: 'opened' }> | null = null;
  const connection = await api.connectShell(shell, {
    // What a program of the stage prints to a terminal is shown as it is: the person asked for one.
    onBytes: (bytes) => void stdout.write(bytes),
    onNews(news) {
      if (news.kind === 'opened') screen.say(`${screen.paint('dim', `${news.note}; "exit" leaves`)}\n`);
      else last = news;
    },
  });
  const onData = (bytes: Buffer) => connection.write(bytes);
  const onResize = () => connection.resize(sizeHere());
  stdin.setRawMode(true);
  stdin.on('data', onData);
  stdin.resume();
  stdout.on('resize', onResize);
  try {
    await connection.closed;
  } finally {
    stdout.off('resize', onResize);
    stdin.off('data', onData);
    stdin.setRawMode(false);
    stdin.pause();
  }
  return exitOf(last);
}

function exitOf(last: Exclude<ShellNews, { kind: 'opened' }> | null): number {
  if (last?.kind === 'ended') return last.exitCode;
  throw new CommandError(EXIT.errored, {
    code: last?.code ?? 'shell-cut',
    message: last?.message ?? 'the connection to the terminal was lost',
    fix:
      last?.code === 'secret-missing'
        ? 'values that came with a local run are gone when it ends: buildit retry RUN --shell --secret-file F'
        : 'open it again: buildit shell RUN STAGE',
  });
}

function sizeHere(): TerminalSize {
  const { rows, columns } = process.stdout;
  // A terminal that nobody has given a size says zero.
  return { rows: rows || 24, columns: columns || 80 };
}
