/** Reads single keys from a terminal. While it does, Ctrl-C and Ctrl-Z arrive as keys too. */
export interface Keys {
  /** Gives the terminal back, e.g. for a question. */
  pause(): void;
  resume(): void;
  close(): void;
}

export interface KeyHandlers {
  onKey(key: string): void;
  onInterrupt(): void;
  /** Before the process stops; the terminal is as it was. */
  onSuspend(): void;
  onContinue(): void;
}

const CTRL_C = 3;
const CTRL_Z = 26;

/** Listens to stdin, which must be a terminal. */
export function readKeys(handlers: KeyHandlers): Keys {
  const { stdin } = process;
  let isReading = false;

  const onData = (data: Buffer) => {
    for (const byte of data) {
      if (byte === CTRL_C) handlers.onInterrupt();
      else if (byte === CTRL_Z) suspend();
      else if (byte >= 32 && byte < 127) handlers.onKey(String.fromCharCode(byte));
    }
  };
  const start = () => {
    if (isReading) return;
    isReading = true;
    stdin.setRawMode(true);
    stdin.on('data', onData);
    stdin.resume();
  };
  const stop = () => {
    if (!isReading) return;
    isReading = false;
    stdin.off('data', onData);
    stdin.setRawMode(false);
    stdin.pause();
  };
  function suspend(): void {
    stop();
    stopProcess(handlers, start);
  }

  start();
  return { pause: stop, resume: start, close: stop };
}

/**
 * Stops the process as the terminal's Ctrl-Z would and tells before and after. Also for
 * the signal itself, which a terminal sends when keys are not read.
 */
export function stopProcess(handlers: Pick<KeyHandlers, 'onSuspend' | 'onContinue'>, afterwards: () => void): void {
  handlers.onSuspend();
  process.once('SIGCONT', () => {
    afterwards();
    handlers.onContinue();
  });
  // SIGSTOP and not SIGTSTP: we may be listening to the latter.
  process.kill(process.pid, 'SIGSTOP');
}
