import type { Fault } from './fault.ts';

/** A fault as a process without a terminal says it last: one line each for what, why and what to do. */
export function writeFault({ code, message, cause, fix }: Fault): string {
  const more = [cause && `  cause  ${cause}`, fix && `  fix    ${fix}`].filter(Boolean);
  return [`error[${code}]: ${message}`, ...more, ''].join('\n');
}
