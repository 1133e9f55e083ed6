import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GitFacts } from '#core/plan.ts';
import { compile } from '../compile.ts';

const SHELLS = [
  { name: 'dash', command: ['dash', '-e'], file: 'sh' },
  { name: 'bash', command: ['bash', '--norc', '-e'], file: 'bash' },
  { name: 'busybox sh', command: ['busybox', 'sh', '-e'], file: 'sh' },
] as const;

/** Each would create the file `canary` if it were ever parsed. */
const HOSTILE = [
  '$(touch canary)',
  '`touch canary`',
  '; touch canary #',
  "'; touch canary; '",
  '"; touch canary; "',
  'a[$(touch canary)]',
  '-va[$(touch canary)]',
  'touch canary',
  'x\ntouch canary\nE\ntouch canary\n',
  '} ; touch canary ; {',
  ')) ; touch canary ; ((',
  '\\$(touch canary)',
  '\\',
  '* ~ ${IFS} $HOME !! {a,b}',
  '-n',
  '  two  spaces\tand a tab  ',
  'end\n',
  '',
  'BEGIN{system("touch canary")}',
  '1e touch canary',
  "$'\\x24(touch canary)'",
  'naïve – 日本 😀',
];

/** Where a reference may stand, with what must be printed. The hole is `@`. */
const ACCEPTED: readonly { name: string; script: string; print: (value: string) => string; only?: 'bash' }[] = [
  { name: 'a bare argument', script: "printf '<%s>' @", print: (v) => `<${v}>` },
  { name: 'between literals', script: "printf '<%s>' a@b@c", print: (v) => `<a${v}b${v}c>` },
  { name: 'double quotes', script: 'printf \'<%s>\' "a @ b"', print: (v) => `<a ${v} b>` },
  { name: 'quotes beside a bare one', script: "printf '<%s>' \"a\"@'b'", print: (v) => `<a${v}b>` },
  { name: 'an assignment', script: 'x=@; printf \'<%s>\' "$x"', print: (v) => `<${v}>` },
  { name: 'an exported assignment', script: 'export X=@; printf \'<%s>\' "$X"', print: (v) => `<${v}>` },
  { name: 'an assignment before a command', script: 'X=@ sh -c \'printf "<%s>" "$X"\'', print: (v) => `<${v}>` },
  { name: 'an assignment of env', script: 'env X=@ sh -c \'printf "<%s>" "$X"\'', print: (v) => `<${v}>` },
  { name: 'a here-document', script: 'cat <<E\na @ b\nE\n', print: (v) => `a ${v} b\n` },
  { name: 'a here-document with tabs off', script: 'cat <<-E\n\t"@"\n\tE\n', print: (v) => `"${v}"\n` },
  { name: 'a default', script: "printf '<%s>' ${nothing:-@}", print: (v) => `<${v}>` },
  { name: 'a default in quotes', script: 'printf \'<%s>\' "${nothing:-@}"', print: (v) => `<${v}>` },
  { name: 'a default in a here-document', script: 'cat <<E\n${nothing:-@}\nE\n', print: (v) => `${v}\n` },
  { name: 'a command substitution', script: "printf '<%s>' \"$(printf '%sx' @)\"", print: (v) => `<${v}x>` },
  {
    name: 'quotes in a substitution in quotes',
    script: 'printf \'<%s>\' "$(printf \'%sx\' "@")"',
    print: (v) => `<${v}x>`,
  },
  { name: 'a substitution in a here-document', script: "cat <<E\n$(printf '%sx' @)\nE\n", print: (v) => `${v}x\n` },
  { name: 'a for loop', script: 'for i in @; do printf \'<%s>\' "$i"; done', print: (v) => `<${v}>` },
  { name: 'a case', script: "case @ in x) ;; @) printf '<%s>' @;; *) echo no;; esac", print: (v) => `<${v}>` },
  {
    name: 'a case in a substitution',
    script: "printf '<%s>' \"$(case a in a) printf '%sx' @;; esac)\"",
    print: (v) => `<${v}x>`,
  },
  { name: 'a test', script: "if [ @ = @ ]; then printf '<%s>' @; fi", print: (v) => `<${v}>` },
  { name: 'a function', script: 'f() { printf \'<%s>\' "$1"; }\nf @', print: (v) => `<${v}>` },
  { name: 'a subshell and a group', script: "( { printf '<%s>' @; } )", print: (v) => `<${v}>` },
  { name: 'a pipe into a filter', script: "printf '<%s>' @ | cat", print: (v) => `<${v}>` },
  { name: 'a comment beside it', script: "# it's @ here\nprintf '<%s>' @ # and 'there", print: (v) => `<${v}>` },
  { name: 'continued lines', script: "printf \\\n '<%s>' \\\n @", print: (v) => `<${v}>` },
  {
    name: 'arguments behind a script file',
    script: 'printf \'printf "<%%s>" "$1"\' > f; sh ./f @; rm f',
    print: (v) => `<${v}>`,
  },
  { name: 'a here-string', script: 'cat <<< @', print: (v) => `${v}\n`, only: 'bash' },
  {
    name: 'a pattern of [[',
    script: "if [[ @ == @ ]]; then printf '<%s>' @; fi",
    print: (v) => `<${v}>`,
    only: 'bash',
  },
  { name: 'an array', script: 'a=(x @); printf \'<%s>\' "${a[1]}"', print: (v) => `<${v}>`, only: 'bash' },
  { name: 'a literal', script: 'printf \'<%s>\' $@ "$@"', print: () => '<${git.message}><${git.message}>' },
];

/** Where a value would be parsed again, or not be expanded at all: refused, never bound. */
const REFUSED = [
  ...['eval @', 'eval "echo @"', "e'va'l @", '\\eval @', 'ev\\\nal @', '"eval" @', 'command eval @', 'builtin eval @'],
  ...[
    'sh -c @',
    'sh -c "echo @"',
    'bash -lc "@"',
    'sh -ec @',
    'bash -o pipefail -c "@"',
    'sh -x -c "@"',
    '/bin/sh -c @',
  ],
  ...[
    'sudo sh -c "@"',
    'env sh -c "@"',
    'env -i A=1 sh -c "@"',
    'env -S "@"',
    'busybox sh -c "@"',
    'nice -n 5 sh -c "@"',
  ],
  ...[
    'timeout 5 sh -c "@"',
    'nohup sh -c "@"',
    'exec sh -c "@"',
    'docker run alpine sh -c "@"',
    'kubectl exec p -- bash -c "@"',
  ],
  ...[
    'docker run alpine awk "@"',
    'A=1 sh -c "@"',
    'time sh -c "@"',
    'sudo -u root bash -c "@"',
    'sudo -i "@"',
    'unknown sh -c "@"',
  ],
  ...[
    'su -c "@"',
    'su - app -c @',
    'ssh host @',
    'ssh host "cd @"',
    'awk "{ @ }"',
    'awk -v x=@ 1',
    'perl -e "@"',
    'perl -ne @',
  ],
  ...[
    'python -c "@"',
    'python3 -c @',
    'node -e @',
    'ruby -e "@"',
    'php -r @',
    'xargs echo @',
    'find . -exec echo @ \\;',
    'sed "s/a/@/"',
  ],
  ...['make TAG=@', 'psql -c "select @"', 'watch @', 'parallel echo @', 'git submodule foreach "@"'],
  ...[
    'sh <<E\n@\nE',
    'sh -s <<E\n@\nE',
    'ssh host <<E\n@\nE',
    'python3 <<E\n@\nE',
    'python - <<E\n@\nE',
    'sh <<E\n$(echo @)\nE',
  ],
  ...[
    'echo @ | sh',
    'echo @ | cat | bash',
    '{ echo @; } | sh',
    '(echo @) | sh',
    'if true; then echo @; fi | sh',
    'echo @ | ( sh )',
  ],
  ...[
    'echo @ | while read l; do sh; done',
    'cat <<E | sh\n@\nE',
    'bash <<< @',
    'sh <(echo @)',
    '. <(echo @)',
    '. ./@',
    'source @',
  ],
  ...[
    'eval "$(echo @)"',
    'sh -c "$(printf %s @)"',
    'trap "echo @" EXIT',
    'alias x="echo @"',
    'alias e=eval; e @',
    'let "x=@"',
    'unset @',
  ],
  ...[
    'read @',
    'printf -v @ x',
    'printf @ x',
    'declare x=@',
    'declare -i x=@',
    'local -n x=@',
    'declare -i n; n=@',
    'typeset x=@',
  ],
  ...[
    'echo $((@))',
    'echo $((1 + @))',
    '((x = @))',
    'echo $[@]',
    'for ((i = @; i < 2; i++)); do :; done',
    'a[@]=1',
    'a=([@]=1)',
  ],
  ...[
    'echo ${x:@}',
    'echo ${x:1:@}',
    'echo ${x/@/y}',
    'echo ${x[@]}'.replace('[@]', '[${git.message}]'),
    'echo ${x@Q@}',
  ],
  ...[
    '[ @ ] && [ @ @ ]',
    '[ -v @ ]',
    'test -v @',
    '[[ @ -eq 1 ]]',
    '[[ 1 -lt @ ]]',
    '[[ -v @ ]]',
    '@',
    '@ x',
    'exec @',
    'env @',
    'nice @',
  ],
  ...[
    '"$CMD" @',
    '$CMD @',
    '$(which sh) -c @',
    '/bin/s? -c @',
    'export @',
    'export -n x=@',
    'PS4=@; set -x',
    'BASH_ENV=@ bash f',
  ],
  ...[
    "echo '@'",
    "cat <<'E'\n@\nE",
    'cat <<"E"\n@\nE',
    'cat <<\\E\n@\nE',
    "echo $'@'",
    'echo `echo @`',
    'echo "`echo @`"',
    'cat <<@\n@',
  ],
  ...[
    'echo "${x:-"@"}"',
    '{sh,-c,@}',
    'nice {sh,-c,@}',
    'echo "@',
    "echo 'a @",
    'echo $(echo @',
    'echo @ )',
    'if true; then echo @',
    'fi; echo @',
  ],
  ...[
    'flock f -c @',
    'flock f sh -c @',
    'coproc @',
    'getopts @ x',
    'mapfile -C @ x',
    'set @',
    'enable -f @ x',
    'GIT_SSH_COMMAND=@ git pull',
  ],
] as const;

const REFERENCE = '${git.message}';

describe.each(SHELLS)('in $name', ({ name, command, file }) => {
  const isThere = spawnSync('sh', ['-c', `command -v ${command[0]}`]).status === 0;
  const run = it.skipIf(!isThere && process.env['CI'] === undefined);
  const reason = isThere ? '' : ` (${name} is not installed here)`;

  run(`a hostile value stays data in every place that is accepted${reason}`, () => {
    expect(isThere, `${name} is missing`).toBe(true);
    inFolder((folder) => {
      for (const { name: place, script, print, only } of ACCEPTED) {
        if (only !== undefined && only !== file) continue;
        for (const value of HOSTILE) {
          const { stdout, stderr, files } = execute(folder, command, file, script, value);
          expect(stderr, `${place}: ${JSON.stringify(value)}`).toBe('');
          expect(stdout, `${place}: ${JSON.stringify(value)}`).toBe(print(value));
          expect(files, `${place}: ${JSON.stringify(value)}`).toEqual([]);
        }
      }
    });
  });

  run(`any value stays data in every place that is accepted${reason}`, () => {
    inFolder((folder) => {
      const places = ACCEPTED.filter((one) => one.only === undefined || one.only === file);
      const piece = fc.oneof(
        fc.constantFrom(...HOSTILE, '"', "'", '`', '$(', ')', '\n', '\\', '${', '}'),
        fc.string({ unit: 'binary' }),
      );
      const value = fc
        .array(piece, { maxLength: 5 })
        .map((pieces) => pieces.join('').replaceAll('\0', '').toWellFormed());
      fc.assert(
        fc.property(fc.constantFrom(...places), value, ({ script, print }, text) => {
          const { stdout, files } = execute(folder, command, file, script, text);
          expect(stdout).toBe(print(text));
          expect(files).toEqual([]);
        }),
        { numRuns: 60 },
      );
    });
  });

  run(`whatever script is accepted, no value in it ever runs${reason}`, () => {
    inFolder((folder) => {
      let accepted = 0;
      const holes = [...ACCEPTED.map((one) => one.script), ...REFUSED];
      const wrap = fc.constantFrom<(script: string) => string>(
        (s) => s,
        (s) => `( ${s}\n)`,
        (s) => `{ ${s}\n}`,
        (s) => `echo "$(${s}\n)"`,
        (s) => `if true; then ${s}\nfi`,
        (s) => `f() { ${s}\n}; f`,
        (s) => `{ ${s}\n} | cat`,
        (s) => `for i in 1; do ${s}\ndone`,
        (s) => `case x in *) ${s}\n;; esac`,
        (s) => `true && ${s}`,
      );
      const script = fc
        .tuple(fc.constantFrom(...holes), wrap, wrap, fc.constantFrom(...ACCEPTED))
        .map(([inner, first, second, after]) => `${second(first(inner))}\n${after.script}`);
      fc.assert(
        fc.property(script, fc.constantFrom(...HOSTILE), (text, value) => {
          const bound = bind(text, file, value);
          if (!bound) return;
          accepted++;
          runBound(folder, command, bound);
          expect(readdirSync(folder).filter((one) => one === 'canary')).toEqual([]);
        }),
        { numRuns: 150 },
      );
      expect(accepted).toBeGreaterThan(20);
    });
  });
});

it.each(REFUSED)('%j is refused with the variable to read instead', (script) => {
  const { plan, diagnostics } = compileScript(script, 'bash', 'x');
  expect(plan).toBeNull();
  const found = diagnostics.filter((one) => ['KDL032', 'KDL033', 'KDL043', 'KDL026', 'KDL025'].includes(one.code));
  expect(found.length).toBeGreaterThan(0);
});

it('another language is refused, with the variable to declare', () => {
  const { diagnostics } = compileScript('print("@")', 'python', 'x');
  expect(diagnostics.map(({ code, hint }) => ({ code, hint }))).toEqual([
    {
      code: 'KDL034',
      hint: 'add to the stage: env "GIT_MESSAGE" "${git.message}", and read the variable GIT_MESSAGE there',
    },
  ]);
});

it('names of the shell stay its own', () => {
  const script = 'echo ${tag} ${run} ${stage%x} ${branch:-none} $HOME';
  expect(bind(script, 'sh', 'x')?.script).toBe(script);
});

function compileScript(script: string, shell: string, message: string) {
  const git: GitFacts = {
    ...{ sha: 'a'.repeat(40), shortSha: 'aaaaaaa', branch: 'main', tag: null, ref: null, message },
    ...{ author: 'Ann', base: null, dirty: false },
  };
  const text = `pipeline "p" { executor "process"; shell "${shell}" }\nstage "s" { run ${kdlString(script.replaceAll('@', REFERENCE))} }\n`;
  return compile({
    ...{ file: 'p.kdl', text, params: {}, executor: null, stages: [] },
    facts: { git, trigger: 'local', pr: null, env: {} },
  });
}

function kdlString(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n').replaceAll('\t', '\\t');
  return `"${escaped}"`;
}

interface Bound {
  script: string;
  env: Record<string, string>;
}

function bind(script: string, shell: string, value: string): Bound | null {
  const node = compileScript(script, shell, value).plan?.nodes[0];
  if (node?.kind !== 'stage') return null;
  const env = Object.entries(node.env).flatMap(([key, text]) =>
    typeof text === 'string' ? [[key, text] as const] : [],
  );
  return { script: node.steps[0]?.script ?? '', env: Object.fromEntries(env) };
}

function execute(folder: string, command: readonly string[], shell: string, script: string, value: string) {
  const bound = bind(script, shell, value);
  if (!bound) throw new Error(`refused: ${script} ${JSON.stringify(compileScript(script, shell, value).diagnostics)}`);
  const { stdout, stderr } = runBound(folder, command, bound);
  const files = readdirSync(folder);
  for (const one of files) rmSync(join(folder, one), { recursive: true });
  return { stdout, stderr, files };
}

function runBound(folder: string, [program = 'sh', ...args]: readonly string[], bound: Bound) {
  return spawnSync(program, [...args, '-c', bound.script], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 10_000,
    input: '',
    env: { PATH: process.env['PATH'] ?? '', ...bound.env },
  });
}

function inFolder(body: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'buildit-injection-'));
  try {
    body(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
