import type { Handler } from '../call.ts';
import type { Commands } from '../grammar/commands.ts';
import { setEnabled } from '../pipeline/set-enabled.ts';

/** `buildit pipelines enable NAME` */
export const handle: Handler<Commands['pipelines enable']> = (call) => setEnabled(call, true);
