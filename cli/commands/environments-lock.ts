import type { Handler } from '../call.ts';
import { setLock } from '../environment/set-lock.ts';
import type { Commands } from '../grammar/commands.ts';

/** `buildit environments lock NAME --reason T` */
export const handle: Handler<Commands['environments lock']> = (call) => setLock(call, true, call.options.reason);
