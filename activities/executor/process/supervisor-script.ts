import { makeFirst, noteProcess, quoteWord } from '../wrapper.ts';
import { PLACES } from './attempt-folder.ts';

export interface SupervisorTools {
  /** Absolute paths: the attempt's PATH is the user's and must not choose what the supervisor runs. */
  cat: string;
  mv: string;
  /** Null where there is none (macOS): job control makes the process group then. */
  setsid: string | null;
}

/**
 * The supervisor of one attempt: a POSIX sh program (as `sh -c`, so it needs no file) with the attempt's folder and the
 * working directory as arguments. It starts in milliseconds, which a Node process would not, and needs no worker:
 *
 * - Whoever makes the file `began` is the only one, however many were started.
 * - The program is in a session of its own, so that stopping it never hits the supervisor; its output is a real pipe
 *   (a program may reopen /dev/stdout), read by `cat` into the log.
 * - It starts no program it can do without: each costs a millisecond, of a stage that may take five.
 * - When the program is over, the rest of its group is killed, so that the pipe closes; `exit` appears only after all
 *   output is in the log. The time of the program's end is that of `code`. Where there is no room for another file `mv`
 *   makes the one of the other.
 * - Signals are caught by handlers, not ignored: what is ignored would stay so in the user's program.
 */
export function writeSupervisor(tools: SupervisorTools): string {
  const program = `/bin/sh "$1/${PLACES.scripts}/run" "$2"`;
  return [
    'cd -- "$1" || exit 1',
    `${makeFirst(PLACES.began)} || exit 0; set +C`,
    'trap : HUP INT TERM',
    noteProcess(PLACES.supervisor),
    '{',
    ...(tools.setsid === null
      ? [
          'set -m',
          `${program} & __bi_pid=$!`,
          // A signal to the supervisor interrupts `wait`; the program goes on.
          'while :; do wait "$__bi_pid"; __bi_code=$?; kill -0 "$__bi_pid" || break; done',
        ]
      : [`${quoteWord(tools.setsid)} ${program}`, '__bi_code=$?']),
    `echo "$__bi_code" >${PLACES.code}`,
    `read -r __bi_pid <${PLACES.program} && kill -KILL "-$__bi_pid"`,
    // In the language in which its words are looked for.
    `} 2>/dev/null | LC_ALL=C ${quoteWord(tools.cat)} >>${PLACES.log} 2>${PLACES.logError} || : >${PLACES.logFailed}`,
    `{ read -r __bi_code <${PLACES.code} && echo "$__bi_code" >${PLACES.exit}; } 2>/dev/null ||`,
    `  ${quoteWord(tools.mv)} ${PLACES.code} ${PLACES.exit}`,
  ].join('\n');
}
