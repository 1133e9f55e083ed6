/** What a signal or key asks of a waiting command, in the order of the ladder (UI §8, Ctrl-C). */
export type Demand = 'cancel' | 'force' | 'leave';

const LADDER: readonly Demand[] = ['cancel', 'force', 'leave'];

export interface Interrupts {
  /** One more press of Ctrl-C or `q`. */
  press(): void;
  /** Exit code that the interruption asks for, null when there was none. */
  exit(): 130 | 143 | null;
  close(): void;
}

/**
 * Turns SIGINT and SIGTERM into demands: the first asks for a cancel, the second forces
 * it, the third leaves. SIGTERM is like the first and decides the exit code. A command
 * that only watches leaves at the first.
 */
export function listenForInterrupts(onDemand: (demand: Demand) => void, isWatching: boolean): Interrupts {
  const ladder = isWatching ? (['leave'] as const) : LADDER;
  let presses = 0;
  let exit: 130 | 143 | null = null;
  const press = (code: 130 | 143) => {
    exit ??= code;
    const demand = ladder[Math.min(presses, ladder.length - 1)];
    presses += 1;
    if (demand !== undefined) onDemand(demand);
  };
  const onInt = () => press(130);
  const onTerm = () => press(143);
  process.on('SIGINT', onInt);
  process.on('SIGTERM', onTerm);
  return {
    press: onInt,
    exit: () => exit,
    close() {
      process.off('SIGINT', onInt);
      process.off('SIGTERM', onTerm);
    },
  };
}
