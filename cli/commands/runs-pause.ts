import type { Handler } from '../call.ts';
import type { Commands } from '../grammar/commands.ts';
import { changeRun } from '../run/change-run.ts';

/** `buildit runs pause RUN` */
export const handle: Handler<Commands['runs pause']> = (call) =>
  changeRun(call, {
    send: (api, id) => api.pauseRun(id),
    noun: 'pause',
    done: 'is paused: stages that run go on, nothing new starts',
    next: (label) => `buildit runs resume ${label}`,
  });
