import type { StagePlan } from '#core/plan.ts';
import { TOLD_FILES } from './exchange.ts';
import { writeSecretFiles } from './secret-files.ts';

export interface WrapperOptions {
  shell: readonly string[];
  steps: StagePlan['steps'];
  nonce: string;
  /** Folder of the wrapper and its steps, as the attempt's program sees it. */
  folder: string;
  /** Folder of the files of `exchange.ts`, likewise. */
  exchange: string;
  /** A file that must not exist and is made first: a program that a runtime begins a second time ends at once. */
  onceFile: string | null;
  /** Where the wrapper notes its process (id and start time); null where the runtime knows it. */
  processFile: string | null;
  /** Whether contents of secret files may come in its environment. */
  takesSecretFiles: boolean;
}

/** File name to content: what the attempt's folder holds before its program begins. */
export type ScriptFiles = Record<string, string>;

/** Exit code of a wrapper that found its once-file: says nothing about the attempt. */
export const BEGUN_TWICE = 125;
/** Outputs up to this size travel in a mark; that keeps the mark within one write to a pipe. */
const OUTPUTS_IN_MARK = 3_500;

/**
 * The files of one attempt: `run`, a POSIX sh program that runs the steps in order in the folder given as its first
 * argument and prints the marks of `marks.ts`, and `step-N`. Nothing of a stage's environment is in them, so they can
 * be written before its values are known.
 *
 * - Marks use nothing but builtins: a step costs its own interpreter's start and no more.
 * - The TERM trap is a handler, not an ignore: children get the default action, the wrapper survives to tell how its
 *   step ended.
 */
export function writeScripts(options: WrapperOptions): ScriptFiles {
  const shell = options.shell.map(quoteWord).join(' ');
  const step = (index: number): string => `${shell} ${quoteWord(`${options.folder}/step-${index}`)}`;
  const output = quoteWord(`${options.exchange}/output`);
  const lines = [
    ...(options.onceFile === null ? [] : [refuseTwice(options.onceFile)]),
    'exec 2>&1',
    'trap __bi_stop=1 TERM',
    '__bi_stop=',
    'unset TINI_KILL_PROCESS_GROUP',
    ...(options.processFile === null ? [] : [noteProcess(options.processFile)]),
    `__bi_mark() { printf '\\036${options.nonce} %s\\n' "$1"; }`,
    '__bi_now() { read -r __bi_t __bi_x </proc/uptime || __bi_t=$(date +%s); } 2>/dev/null',
    '__bi_begin() { __bi_now; __bi_from=$__bi_t; __bi_mark "start $1"; }',
    '__bi_end() {',
    '  __bi_code=$?',
    '  __bi_now',
    '  __bi_mark "end $1 $__bi_code $__bi_from $__bi_t"',
    // Asked to end: the step may have chosen to end well, another one is not begun.
    '  [ -z "$__bi_stop" ] || [ "$__bi_code" != 0 ] || __bi_code=143',
    '  [ "$__bi_code" = 0 ] || __bi_finish',
    '}',
    '__bi_finish() {',
    `  if [ -s ${output} ]; then`,
    `    { __bi_out=$(head -c ${OUTPUTS_IN_MARK + 1} ${output}); __bi_rs=$(printf '\\036'); } 2>/dev/null`,
    '    case $__bi_out in *"$__bi_rs"*) __bi_out= ;; esac',
    `    if [ -n "$__bi_out" ] && [ \${#__bi_out} -le ${OUTPUTS_IN_MARK} ]; then`,
    `      printf '\\036${options.nonce} out %s\\036\\n' "$__bi_out"`,
    '    else __bi_mark big; fi',
    '  fi',
    ...TOLD_FILES.map((file) => `  [ ! -s ${quoteWord(`${options.exchange}/${file}`)} ] || __bi_mark ${file}`),
    '  __bi_mark "eof $__bi_code"',
    '  exit "$__bi_code"',
    '}',
    '__bi_no_file() {',
    `  printf 'buildit: the secret file %s cannot be made here\\n' "$1"`,
    '  __bi_code=1; __bi_finish',
    '}',
    '__bi_code=0',
    '__bi_mark begin',
    ...(options.takesSecretFiles ? writeSecretFiles('__bi_no_file') : []),
    'cd -- "$1" 2>/dev/null || {',
    `  printf 'buildit: the working directory %s does not exist or cannot be entered\\n' "$1"`,
    '  __bi_code=1; __bi_finish',
    '}',
    ...options.steps.flatMap((_, index) => [`__bi_begin ${index + 1}`, step(index + 1), `__bi_end ${index + 1}`]),
    '__bi_finish',
  ];
  const files: ScriptFiles = { run: `${lines.join('\n')}\n` };
  for (const [index, { script }] of options.steps.entries()) {
    files[`step-${index + 1}`] = script.endsWith('\n') ? script : `${script}\n`;
  }
  return files;
}

function refuseTwice(file: string): string {
  return `${makeFirst(file)} || exit ${BEGUN_TWICE}; set +C`;
}

/**
 * A command of sh that makes a file and fails if it is there; what comes next does not overwrite files until `set +C`.
 * `true`, not `:`: a failing redirection of a special builtin would end some shells with a code of their own.
 */
export function makeFirst(file: string): string {
  return `set -C; { true >${quoteWord(file)}; } 2>/dev/null`;
}

/** A word of POSIX sh that means exactly this text. */
export function quoteWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/**
 * A line of sh that writes the shell's own process into a file: its id, which a shell can read by itself (it reads byte
 * by byte), and the line of /proc/PID/stat, whose 22nd field is the start time and tells it from a later process of the
 * same id; the id alone where there is no /proc. One write into an empty file: a reader that comes too early finds
 * nothing in it.
 */
export function noteProcess(file: string): string {
  return [
    '{ read -r __bi_stat </proc/$$/stat; } 2>/dev/null || __bi_stat=$$',
    `printf '%s\\n' "$$" "$__bi_stat" >${quoteWord(file)}`,
  ].join('\n');
}
