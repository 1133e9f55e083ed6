import type { Fault } from '#core/fault.ts';
import type { Paint } from '../terminal/color.ts';
import { removeEscapes } from '../terminal/sanitize.ts';

/**
 * A fault for people (UI §8):
 *
 *     error[docker-unreachable]: Docker does not answer at …
 *       cause  connect ENOENT
 *       fix    start Docker, or …
 *       more   buildit help docker-unreachable
 */
export function renderFault(fault: Fault, paint: Paint): string {
  // What a server says may hold anything.
  const lines = [`${paint('red', `error[${fault.code}]`)}: ${removeEscapes(fault.message)}`];
  const add = (label: string, text: string | undefined) => {
    if (text === undefined || text === '') return;
    const [first, ...rest] = removeEscapes(text).split('\n');
    lines.push(`  ${paint('dim', label.padEnd(5))}  ${first ?? ''}`, ...rest.map((line) => `         ${line}`));
  };
  add('cause', fault.cause);
  add('fix', fault.fix);
  add('more', `buildit help ${fault.code}`);
  return `${lines.join('\n')}\n`;
}

/** The same as one problem object, for the formats that machines read (RFC 9457 with our additions, UI §9). */
export function faultToProblem(fault: Fault): Record<string, unknown> {
  return {
    type: `docs/faults/${fault.code}.md`,
    title: fault.message,
    detail: fault.cause ?? fault.message,
    code: fault.code,
    ...(fault.cause === undefined ? {} : { cause: fault.cause }),
    ...(fault.fix === undefined ? {} : { hint: fault.fix }),
    retry: fault.retry.kind === 'yes' ? { afterMs: fault.retry.afterMs } : 'no',
    errors: [],
  };
}
