import type { FileExecutor } from '#config/pipeline/executors.ts';
import type { StageObject } from '#core/rest.ts';

/** How a word of a stage is shown to do what it says. */
export interface WordStages {
  /** Stages and templates; the one that says the word has its name. */
  text: string;
  /** Endings of stages by name; without any: the stage of the word's name has passed. */
  ends?: Readonly<Record<string, string>>;
  /** A line that the stage of the word's name prints. */
  says?: string;
  /** What else is true of that stage. */
  shows?: (stage: StageObject) => boolean;
  /** Where another text is wanted, or another line. */
  on?: Partial<Record<FileExecutor, Pick<WordStages, 'text' | 'says'>>>;
}

const stage = (word: string, body: string, properties = '') => `stage "${word}" ${properties} { ${body} }`;

const JUNIT = '<testsuite name=\\"s\\"><testcase classname=\\"s\\" name=\\"one\\"/></testsuite>';

/** Every word of a stage, in stages of one run; what an executor refuses is not run there. */
export const WORD_STAGES: Readonly<Record<string, WordStages>> = {
  uses: {
    text: `template "taken" { stage { run "echo taken over" } }\nstage "uses" uses="taken"`,
    says: 'taken over',
  },
  with: {
    text: `template "given" { param "what"; stage { run "echo given \${params.what}" } }
stage "with" uses="given" { with "what" "by the stage" }`,
    says: 'given by the stage',
  },
  image: {
    text: stage(
      'image',
      'image "busybox:1.37" pull="never"; run "readlink -f /bin/ls | grep -q busybox || true; echo ran"',
    ),
    says: 'ran',
  },
  run: {
    text: stage('run', 'run "echo first > steps.txt"; run "echo second >> steps.txt; cat steps.txt"'),
    says: 'second',
  },
  shell: {
    text: stage('shell', 'shell "sh" "-eu"; run "(echo $NOBODY_SETS_THIS) 2>/dev/null || echo strict"'),
    says: 'strict',
  },
  env: { text: stage('env', 'env "WORD" "value"; run "echo WORD is $WORD"'), says: 'WORD is value' },
  secret: {
    text: stage(
      'secret',
      'secret "WORD_SECRET" as="TAKEN"; run "test ${#TAKEN} -eq 11 && echo it is there; echo $TAKEN"',
    ),
    says: 'it is there',
  },
  service: {
    text: stage(
      'service',
      'service "web" image="busybox:1.37" { command "httpd" "-f" "-p" "8080"; ready tcp=8080 }; run "wget -q -O - http://web:8080/none 2>&1 | grep 404"',
    ),
    says: 'wget: server returned error: HTTP/1.1 404 Not Found',
  },
  workdir: { text: stage('workdir', 'workdir "/tmp"; run "pwd"'), says: '/tmp' },
  user: { text: stage('user', 'user "1000"; run "echo uid $(id -u)"'), says: 'uid 1000' },
  needs: { text: stage('needs', 'run "echo after run"', 'needs="run"'), says: 'after run' },
  need: {
    text: stage('need', 'need "timeout" on="failed"; run-on "failure"; run "echo after the failure"'),
    says: 'after the failure',
  },
  'if-all-skipped': {
    text: stage('if-all-skipped', 'run "echo although nothing ran"', 'needs="when" if-all-skipped="run"'),
    says: 'although nothing ran',
  },
  'run-on': {
    text: stage('run-on', 'run "echo whatever happened"', 'needs="timeout" run-on="always"'),
    says: 'whatever happened',
  },
  when: { text: stage('when', 'when "1 == 2"; run "echo never"'), ends: { when: 'skipped' } },
  timeout: { text: stage('timeout', 'timeout "1s"; grace "1s"; run "sleep 60"'), ends: { timeout: 'timed-out' } },
  'no-output-timeout': {
    text: stage('no-output-timeout', 'no-output-timeout "1s"; grace "1s"; run "echo once; sleep 60"'),
    ends: { 'no-output-timeout': 'timed-out' },
    says: 'once',
  },
  grace: {
    text: stage('grace', `timeout "1s"; grace "30s"; run "trap 'echo left in peace; exit 0' TERM; sleep 60 & wait"`),
    ends: { grace: 'timed-out' },
    says: 'left in peace',
  },
  retry: {
    text: stage(
      'retry',
      'retry limit=1 exit=7; run "test $BUILDIT_STAGE_ATTEMPT -eq 2 || exit 7; echo second attempt"',
    ),
    says: 'second attempt',
  },
  'allow-failure': {
    text: stage('allow-failure', 'allow-failure { exit 3 }; run "exit 3"'),
    ends: { 'allow-failure': 'soft-failed' },
  },
  artifact: {
    text: `${stage('artifact', 'run "echo kept > kept.txt; echo made"; artifact "kept" { path "kept.txt" }')}
${stage('artifact-reader', 'run "cat kept.txt"', 'needs="artifact"')}`,
    ends: { artifact: 'passed', 'artifact-reader': 'passed' },
  },
  artifacts: {
    text: `${stage('artifacts', 'run "echo kept > also.txt"; artifacts "also.txt"')}
${stage('artifacts-reader', 'run "cat also.txt"', 'needs="artifacts"')}`,
    ends: { artifacts: 'passed', 'artifacts-reader': 'passed' },
  },
  cache: {
    text: stage('cache', 'cache { path "cached"; key "of-words" }; run "mkdir -p cached && echo x > cached/file"'),
    shows: ({ attempts }) => attempts[0]?.caches.length === 1,
  },
  report: {
    text: stage('report', `run "printf '${JUNIT}' > report.xml"; report "junit" "report.xml"`),
    shows: ({ attempts }) => attempts[0]?.tests?.passed === 1,
  },
  annotate: { text: stage('annotate', 'run "echo note > note.md"; annotate "note.md"') },
  matrix: {
    text: stage('matrix', 'matrix { axis "x" "1" "2" }; run "echo leg ${matrix.x}"'),
    ends: { 'matrix[x=1]': 'passed', 'matrix[x=2]': 'passed' },
  },
  concurrency: { text: stage('concurrency', 'concurrency "of-words"; run "echo alone"'), says: 'alone' },
  environment: { text: stage('environment', 'environment "of-words"; run "echo delivered"'), says: 'delivered' },
  generate: {
    text: stage(
      'generate',
      String.raw`generate; run #"echo 'stage "generated" { run "echo made by a stage" }' >> $BUILDIT_STAGES"#`,
    ),
    ends: { generate: 'passed', generated: 'passed' },
  },
  manual: { text: stage('manual', 'manual; run "echo passed by hand"'), says: 'passed by hand' },
  gate: {
    text: stage('gate', 'gate { field "x" default="1" }; run "echo through the gate"'),
    says: 'through the gate',
  },
  executor: {
    text: stage('executor', 'executor "docker"; run "echo here"'),
    says: 'here',
    on: { process: { text: stage('executor', 'executor "process"; run "echo here"'), says: 'here' } },
  },
  'runs-on': { text: stage('runs-on', 'runs-on "linux"; run "echo on linux"'), says: 'on linux' },
  platform: { text: stage('platform', 'platform "linux/amd64"; run "uname -m"'), says: 'x86_64' },
  resources: {
    text: stage(
      'resources',
      'resources memory="64MiB"; run "cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null || true"',
    ),
    says: '67108864',
  },
};
