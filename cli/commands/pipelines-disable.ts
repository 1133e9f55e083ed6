import type { Handler } from '../call.ts';
import type { Commands } from '../grammar/commands.ts';
import { setEnabled } from '../pipeline/set-enabled.ts';

/** `buildit pipelines disable NAME` */
export const handle: Handler<Commands['pipelines disable']> = (call) => setEnabled(call, false);
