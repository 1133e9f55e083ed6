import type { Handler } from '../call.ts';
import { setLock } from '../environment/set-lock.ts';
import type { Commands } from '../grammar/commands.ts';

/** `buildit environments unlock NAME --reason T` */
export const handle: Handler<Commands['environments unlock']> = (call) => setLock(call, false, call.options.reason);
