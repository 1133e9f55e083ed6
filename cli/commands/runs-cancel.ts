import type { Handler } from '../call.ts';
import type { Commands } from '../grammar/commands.ts';
import { changeRun } from '../run/change-run.ts';

/** `buildit runs cancel RUN [--force]` */
export const handle: Handler<Commands['runs cancel']> = async (call) => {
  const { force } = call.options;
  return changeRun(call, {
    send: (api, id) => api.cancelRun(id, force),
    noun: 'cancel',
    done: force
      ? 'is being stopped at once'
      : 'is being cancelled: its stages get their grace, then its always stages run',
    next: (label) => `buildit runs watch ${label}`,
  });
};
