import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { FaultError, NO_RETRY } from '#core/fault.ts';
import { listExchangeVariables } from '../exchange.ts';
import type { AttemptTerminals, Terminal } from '../terminal.ts';
import { quoteWord } from '../wrapper.ts';
import { readFacts } from './attempt-folder.ts';
import { sendSignal } from './process-identity.ts';

/**
 * A shell in an attempt's workspace. The terminal is made by `script` of util-linux: a native module for it would be
 * all of the process executor's weight. Its name comes through descriptor 3, for `stty` to resize it.
 */
export function processTerminals(root: string): AttemptTerminals {
  return {
    async open(attempt, { env, exchange, workdir, size }) {
      const folder = join(root, attempt.name);
      const facts = await readFacts(folder);
      if (facts === null) throw new Error(`there is no attempt ${attempt.name}`);
      const shell = env['SHELL'] ?? '/bin/sh';
      const begin = `tty >&3; exec 3>&-; stty rows ${size.rows} cols ${size.columns}; exec ${quoteWord(shell)}`;
      const child = spawn('script', ['-q', '-e', '-E', 'always', '-c', begin, '/dev/null'], {
        cwd: workdir?.startsWith('/') ? workdir : join(facts.workspace, workdir ?? '.'),
        detached: true,
        stdio: ['pipe', 'pipe', 'ignore', 'pipe'],
        env: {
          ...{ TERM: 'xterm-256color', BUILDIT_WORKSPACE: facts.workspace },
          ...(exchange ? listExchangeVariables(folder) : {}),
          ...env,
        },
      });
      const { stdin, stdout } = child;
      const names = child.stdio[3];
      if (stdin === null || stdout === null || !(names instanceof Readable)) throw new Error('spawn made no pipes');
      const ended = new Promise<number>((resolve) => {
        child.once('exit', (code) => resolve(code ?? 137));
        child.once('error', () => resolve(127));
      });
      await began(child, attempt.name);
      // What is typed after the end goes nowhere.
      stdin.on('error', () => {});
      const device = new Promise<string>((resolve) => createInterface({ input: names }).once('line', resolve));
      return {
        output: stdout,
        write: (bytes) => void stdin.write(bytes),
        async resize({ rows, columns }) {
          spawn('stty', ['-F', await device, 'rows', String(rows), 'cols', String(columns)], { stdio: 'ignore' }).once(
            'error',
            () => {},
          );
        },
        ended,
        async close() {
          if (child.pid !== undefined) sendSignal(-child.pid, 'SIGHUP');
          await ended;
        },
      } satisfies Terminal;
    },
  };
}

function began(child: ReturnType<typeof spawn>, name: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) =>
      reject(
        new FaultError({
          code: 'terminal-missing',
          message: `No terminal can be opened beside ${name}`,
          cause: error.message,
          fix: 'install "script" and "stty" (util-linux, coreutils) on the host of the stage',
          retry: NO_RETRY,
        }),
      ),
    );
  });
}
