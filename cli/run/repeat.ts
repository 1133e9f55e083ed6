import type { AnyCall } from '../call.ts';
import { EXIT, type ExitCode } from '../exit.ts';
import { awaitChange } from '../file/await-change.ts';
import { findSourceRoot } from '../file/source-root.ts';
import { oneLine } from '../terminal/sanitize.ts';
import { listenForInterrupts } from './interrupts.ts';

/** What a run under `--watch` is told by the loop around it, and tells it. */
export interface Repeating {
  /** A file has changed: this run is cancelled for the next one. */
  changed: AbortSignal;
  /** The person has pressed Ctrl-C: there is no next one. */
  onInterrupt(): void;
}

/** `--watch`: runs again at every change of the source, until the person leaves. Answers the last run's exit code. */
export async function repeatAtChanges(
  call: Pick<AnyCall, 'screen'>,
  file: string,
  run: (repeating: Repeating) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { screen } = call;
  const { root } = findSourceRoot(file);
  const leaving = new AbortController();
  for (;;) {
    // Before the source is read, so that nothing changes unseen in between.
    const changing = awaitChange(root, leaving.signal);
    const changed = new AbortController();
    void changing.then((path) => path !== null && changed.abort());
    const code = await run({ changed: changed.signal, onInterrupt: () => leaving.abort() });
    if (leaving.signal.aborted) return code;
    if (!changed.signal.aborted) screen.say('Watching the source for changes; Ctrl-C leaves.\n');
    const interrupts = listenForInterrupts(() => leaving.abort(), true);
    const path = await changing;
    interrupts.close();
    if (path === null) return interrupts.exit() ?? EXIT.interrupted;
    screen.say(`\n${screen.paint('bold', oneLine(path))} has changed.\n`);
  }
}
