import type { Handler } from '../call.ts';
import type { Commands } from '../grammar/commands.ts';
import { decideGate } from '../run/decide.ts';
import { splitPairs } from '../run/pairs.ts';

/** `buildit approve RUN [GATE]` */
export const handle: Handler<Commands['approve']> = async (call) => {
  const { options } = call;
  const fields = splitPairs('--field', options.field);
  const comment = options.comment === null ? {} : { comment: options.comment };
  return decideGate(call, { verdict: 'approve', fields, ...comment }, options.as);
};
