/**
 * What programs do with their arguments, as far as it decides whether a value there is
 * data. The list of LANGUAGE §5 and everything of the same kind that is widely used.
 */

/** Read their arguments, or what they are sent, as code, a pattern language with commands, or names of variables. */
export const PARSES_AGAIN: ReadonlySet<string> = new Set([
  // Builtins of shells.
  ...['eval', 'trap', 'alias', 'let', 'unset', 'read', 'mapfile', 'readarray', 'getopts', 'declare', 'typeset'],
  ...['integer', 'compgen', 'complete', 'compopt', 'bind', 'fc', 'enable', 'coproc', '.', 'source', 'wait'],
  // Other users, other machines, terminals: a shell reads the command there.
  ...['su', 'runuser', 'ssh', 'sshpass', 'scp', 'sftp', 'rsh', 'mosh', 'rsync', 'tmux', 'screen', 'script', 'expect'],
  ...['at', 'batch', 'crontab', 'watch', 'entr', 'parallel', 'xargs', 'hyperfine', 'nix-shell', 'make', 'gmake'],
  // Languages whose program is an argument.
  ...[
    'awk',
    'gawk',
    'mawk',
    'nawk',
    'sed',
    'gsed',
    'ed',
    'ex',
    'vi',
    'vim',
    'nvim',
    'emacs',
    'm4',
    'dc',
    'gdb',
    'lldb',
  ],
  ...['psql', 'mysql', 'mariadb', 'sqlite3', 'mongosh', 'redis-cli', 'ftp', 'lftp'],
]);

/** Of {@link PARSES_AGAIN}: what they read from their input is data, or is no command. */
export const READS_DATA: ReadonlySet<string> = new Set([
  ...['trap', 'alias', 'let', 'unset', 'read', 'mapfile', 'readarray', 'getopts', 'declare', 'typeset', 'integer'],
  ...['compgen', 'complete', 'compopt', 'bind', 'fc', 'enable', 'wait', 'rsync', 'scp', 'watch', 'make', 'gmake'],
  ...['awk', 'gawk', 'mawk', 'nawk', 'sed', 'gsed'],
]);

const NO_FLAGS = /^$/;
const SHELL_FLAGS = /^[-+][abefhklmnprtuvxBCEHPT]+$|^--(posix|norc|noprofile|login|verbose)$/;
const PYTHON_FLAGS = /^-([bBdEIOqsSuvx3]+|m)$/;

/**
 * Run the file that is their first operand; further operands are data, and without a file
 * the program comes from their input. For each, the flags that may stand in front of the
 * file: without a value and without code. Any other flag is refused with all that follows.
 */
export const INTERPRETERS: ReadonlyMap<string, RegExp> = new Map([
  ...['sh', 'bash', 'dash', 'ash', 'rbash', 'ksh', 'mksh', 'zsh', 'fish', 'csh', 'tcsh'].map(
    (name) => [name, SHELL_FLAGS] as const,
  ),
  ...['python', 'python2', 'python3', 'pypy', 'pypy3'].map((name) => [name, PYTHON_FLAGS] as const),
  ...['bun', 'deno', 'php', 'lua', 'luajit', 'Rscript', 'julia', 'groovy', 'osascript', 'pwsh', 'powershell'].map(
    (name) => [name, NO_FLAGS] as const,
  ),
  ['tclsh', NO_FLAGS],
  ['perl', /^-[wWTtUs]+$/],
  ['ruby', /^-[wWv]+$/],
  ['node', /^--(no-|enable-|experimental-|trace-)[a-z-]+$|^--test$/],
]);

/** Operands of interpreters that take code themselves. */
export const CODE_OPERANDS: ReadonlySet<string> = new Set(['eval', 'repl', 'timeit']);

/** Run another command, with options and operands of their own in front of it. */
export interface Wrapper {
  /** Options without a value. */
  flags: RegExp;
  /** Options whose value is the next word. */
  withValue: RegExp;
  /** Operands in front of the command. */
  operands: number;
  /** `NAME=value` may stand in front of the command. */
  assigns: boolean;
}

const wrapper = (flags: RegExp, withValue: RegExp, operands = 0, assigns = false): Wrapper => ({
  flags,
  withValue,
  operands,
  assigns,
});
const NONE = /^$/;

export const WRAPPERS: ReadonlyMap<string, Wrapper> = new Map([
  ['command', wrapper(/^(-p|--)$/, NONE)],
  ['builtin', wrapper(/^--$/, NONE)],
  ['exec', wrapper(/^(-[cl]+|--)$/, /^-a$/)],
  ['time', wrapper(/^(-p|--)$/, NONE)],
  ['nohup', wrapper(/^--$/, NONE)],
  ['env', wrapper(/^(-|-i|-0|--|--ignore-environment|--unset=\w+)$/, /^(-u|-C|--unset|--chdir)$/, 0, true)],
  ['sudo', wrapper(/^(-[nEHSkbA]+|--|--preserve-env(=.*)?)$/, /^-[ughpCDRT]$/, 0, true)],
  ['doas', wrapper(/^(-n|--)$/, /^-u$/)],
  ['nice', wrapper(/^(-\d+|--|--adjustment=-?\d+)$/, /^-n$/)],
  ['ionice', wrapper(/^(-t|-c\d|-n\d|--)$/, /^-[cn]$/)],
  ['timeout', wrapper(/^(--|--foreground|--preserve-status|-v|--(signal|kill-after)=.*)$/, /^-[ks]$/, 1)],
  ['stdbuf', wrapper(/^(-[ioe][0L]|--)$/, /^-[ioe]$/)],
  ['setsid', wrapper(/^(-[cfw]+|--|--wait|--fork)$/, NONE)],
  ['chroot', wrapper(/^(--|--userspec=.*|--groups=.*)$/, NONE, 1)],
  ['gosu', wrapper(NONE, NONE, 1)],
  ['su-exec', wrapper(NONE, NONE, 1)],
  ['unbuffer', wrapper(/^-p$/, NONE)],
  ['chronic', wrapper(/^-[ve]$/, NONE)],
  ['busybox', wrapper(NONE, NONE)],
  ['toybox', wrapper(NONE, NONE)],
]);

/** Variables whose value somebody reads as code or as a command. */
export const CODE_VARIABLES =
  /^(PS[0-4]|PROMPT_COMMAND|ENV|BASH_ENV|SHELLOPTS|BASHOPTS|BASH_FUNC_.*|PERL5OPT|PERL5LIB|RUBYOPT|NODE_OPTIONS|PYTHONSTARTUP|GIT_SSH_COMMAND|GIT_EDITOR|EDITOR|VISUAL|PAGER|GIT_PAGER|LESSOPEN|MAKEFLAGS|LD_PRELOAD|JAVA_TOOL_OPTIONS)$/;
