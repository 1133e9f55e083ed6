import { faultOf } from '#core/fault.ts';
import type { GateObject, RunObject, StageObject } from '#core/rest.ts';
import { HELD_CODES } from '#core/shell.ts';
import type { AnyCall } from '../call.ts';
import type { Session } from '../context/session.ts';
import { renderFault } from '../fault/render.ts';
import type { Printer } from '../live/printer.ts';
import { quoteWord } from '../live/words.ts';
import { askForSecrets } from '../shell/ask-for-secrets.ts';
import { attachShell } from '../shell/attach.ts';
import type { Keys } from '../terminal/keys.ts';

/** Opens a terminal in a stage that is held for one, or says how somebody may. One at a time. */
export function openShellDesk(options: {
  call: AnyCall;
  session: Session;
  printer: Printer;
  keys: () => Keys | null;
  /** Then nobody here opens anything. */
  isWatching: boolean;
  label: string;
  signal: AbortSignal;
}): { arrive(object: RunObject | StageObject | GateObject): void } {
  const { call, session, printer, isWatching, label, signal } = options;
  const { screen } = call;
  const canOpen = !isWatching && call.ui === 'live' && screen.canPrompt && process.stdout.isTTY === true;
  const seen = new Set<string>();
  let queue: Promise<void> = Promise.resolve();

  const sayHow = ({ name }: StageObject) => printer.say(`${name} is held: buildit shell ${label} ${quoteWord(name)}\n`);
  const open = async (stage: StageObject) => {
    if (signal.aborted) return;
    printer.pause();
    options.keys()?.pause();
    try {
      screen.say(`${stage.name} is held${isAfterFailure(stage) ? ' as it failed' : ' before it begins'}.\n`);
      const secrets = await askForSecrets(session.api(), stage.runId, stage.name, call.options.yes);
      await attachShell(session.api(), screen, { run: stage.runId, stage: stage.name, secrets });
    } finally {
      if (!signal.aborted) options.keys()?.resume();
      printer.resume();
    }
  };
  return {
    arrive(object) {
      if (!('needs' in object) || object.status.kind !== 'paused') return;
      const { code } = object.status.reason;
      const key = `${object.name} ${object.attempts.length} ${code}`;
      if (!Object.values<string>(HELD_CODES).includes(code) || seen.has(key)) return;
      seen.add(key);
      if (!canOpen) {
        sayHow(object);
        return;
      }
      queue = queue
        .then(() => open(object))
        .catch((thrown: unknown) => {
          const fault = faultOf(thrown);
          if (!fault) throw thrown;
          printer.say(renderFault(fault, screen.paint));
          sayHow(object);
        });
    },
  };
}

function isAfterFailure({ status }: StageObject): boolean {
  return status.kind === 'paused' && status.reason.code === HELD_CODES.failure;
}
