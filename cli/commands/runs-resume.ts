import type { Handler } from '../call.ts';
import type { Commands } from '../grammar/commands.ts';
import { changeRun } from '../run/change-run.ts';

/** `buildit runs resume RUN` */
export const handle: Handler<Commands['runs resume']> = (call) =>
  changeRun(call, {
    send: (api, id) => api.resumeRun(id),
    noun: 'resume',
    done: 'goes on',
    next: (label) => `buildit runs watch ${label}`,
  });
