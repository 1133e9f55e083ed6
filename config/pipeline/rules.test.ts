import { existsSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const ROOT = new URL('../../', import.meta.url);
const TESTDATA = new URL('../testdata/', import.meta.url);

/**
 * What the language refuses, rule by rule, and what shows it: a golden file with the beginning of its diagnostic, or,
 * where a rule is about a run or about more than one file, a test with a part of its name.
 */
const RULES: [rule: string, shownBy: string, text: string][] = [
  // Files
  ['a file has at most 256 KiB', 'config/pipeline/limits.test.ts', 'a file above 256 KiB is not read'],
  [
    'blocks and comments nest at most 64 deep',
    'config/pipeline/limits.test.ts',
    'depth is limited for blocks and comments',
  ],
  ['a node has at most 4,096 entries', 'config/pipeline/limits.test.ts', 'entries of a node and of a file are limited'],
  ['at most 8 # stand in a row', 'config/pipeline/limits.test.ts', 'hashes'],
  ['what is no KDL', '20-syntax', 'error[KDL004]'],
  ['a string that is never closed', '21-unclosed-string', 'error[KDL005]'],
  ['a block that is never closed', '22-unclosed-block', 'error[KDL005]'],
  ['an unknown word, with the nearest', '23-unknown-words', 'error[KDL006]: unknown word "needz" in "stage"'],
  ['an unknown property, with the nearest', '23-unknown-words', 'error[KDL006]: unknown word "pul" in "image"'],
  ['a value of another kind', '24-wrong-values', 'error[KDL008]: "timeout" wants a string as its duration'],
  ['a property twice where the word has one value', '47-said-twice', 'error[KDL010]: "timeout" is given twice'],
  ['a word twice that stands once', '47-said-twice', 'error[KDL010]: "grace" is given twice'],
  ['a list where there is none', '39-list-without-a-word', 'error[KDL004]'],
  // Triggers
  ['an unknown event', '41-wrong-triggers', 'error[KDL014]: there is no event "pusch"'],
  ['a word of another event', '41-wrong-triggers', 'error[KDL017]: "cron" has no meaning for the event push'],
  ['a regular expression for a glob', '41-wrong-triggers', 'error[KDL014]: "^main$" can match nothing'],
  ['a cron expression that is none', '41-wrong-triggers', 'error[KDL014]: "61 * * * *" is no cron expression'],
  ['a start that the file does not name', 'api/routes/pipeline-runs.test.ts', 'is started by nothing else'],
  // Stages
  ['no privileges, host paths or networks', '47-said-twice', 'error[KDL006]: unknown word "privileged" in "stage"'],
  ['a stage without an image in a container', '31-executors', 'error[KDL018]'],
  ['a word that the executor cannot honour', '31-executors', 'error[KDL019]: "user" does not work with executor'],
  ['no more than 10 retries', '24-wrong-values', 'error[KDL014]: limit is 1 to 10, not 11'],
  ['a duration that is none', '24-wrong-values', 'error[KDL014]: "soon" is no duration for timeout'],
  ['an artifact with .. in its name', '47-said-twice', 'error[KDL015]: "../up" is no name for an artifact'],
  ['an artifact from outside the workspace', '47-said-twice', 'error[KDL014]: "../../etc/passwd" is no path inside'],
  ['an artifact without a path', '47-said-twice', 'error[KDL016]: the artifact "none" has no path'],
  ['a pattern of an artifact that matches nothing', 'activities/stage/run-stage.test.ts', 'artifact'],
  ['a cache from outside the workspace', '61-cache-paths-wrong', 'error[KDL014]: "a/../../b" is no path of a cache'],
  ['a cache that nobody declares', '62-cache-keys-wrong', 'error[KDL044]: there is no cache "nmp"'],
  ['a report from outside the workspace', '91-report-mistakes', 'error[KDL014]: "/tmp/report.xml" is no path inside'],
  ['a service without an image', '71-wrong-services', 'error[KDL016]: the service "db" has no image'],
  [
    'a secret file over the workspace',
    '72-wrong-machine',
    'error[KDL014]: "/workspace/token" is no place for a secret',
  ],
  ['two places of one group', '85-wrong-groups', 'error[KDL073]: this run has a place of the group "shop" already'],
  [
    'words that an action makes meaningless',
    '87-wrong-actions',
    'error[KDL074]: "run" has no effect beside "pipeline"',
  ],
  // Matrix
  ['more than 256 legs, before they are made', '27-matrix', 'error[KDL020]: this matrix has 1,000,000 legs'],
  ['an exclude that matches nothing', '27-matrix', 'error[KDL021]: this exclude matches no leg'],
  ['an include that matches nothing', '27-matrix', 'error[KDL021]: this include matches no leg'],
  ['an output of a matrix without its leg', '27-matrix', 'error[KDL031]: "fine" has a matrix'],
  ['values of an axis from what is no output', '81-axis-from', 'error[KDL070]'],
  // Order
  ['an unknown stage in needs', '25-needs', 'error[KDL012]: unknown stage "biuld" in needs'],
  ['stages that wait for each other', '26-cycle', 'error[KDL013]: these stages wait for each other: compile →'],
  ['an output of a stage that is no ancestor', '28-references', 'error[KDL030]: "b" reads from "a"'],
  ['more than 5,000 stages', 'config/pipeline/limits.test.ts', 'a plan has at most 5,000 stages'],
  // Values
  ['an unknown root', '28-references', 'error[KDL025]: nothing is called "gti" here'],
  ['git outside a repository, without a default', '34-outside-a-repository', 'error[KDL027]: git.sha has no value'],
  ['a parameter of another type', '32-params', 'error[KDL038]: "three" is no value for the parameter "n"'],
  ['a parameter without a value', '32-params', 'error[KDL038]: the parameter "must" has no value'],
  ['a reference where the shell does not expand', '29-scripts', 'error[KDL032]'],
  [
    'a reference that would be parsed again',
    '29-scripts',
    'error[KDL033]: ${git.branch} cannot stand here: the value would be',
  ],
  ['a reference in another language', '29-scripts', 'error[KDL034]'],
  ['a secret in an image', '47-said-twice', 'error[KDL029]: a secret may not stand here'],
  ['a secret in a condition', '30-conditions', 'error[KDL029]: a secret may not stand in a condition'],
  ['a secret in the key of a cache', '62-cache-keys-wrong', 'error[KDL029]'],
  ['a value that is known too late', '28-references', 'error[KDL028]: "run.number" is not known yet'],
  ['a variable of BuildIt', '24-wrong-values', 'error[KDL041]'],
  // Conditions
  ['matches() in a condition', '30-conditions', 'error[KDL036]'],
  ['a condition that fails', '30-conditions', 'error[KDL037]: this condition fails'],
  [
    'a condition that is not true or false',
    '30-conditions',
    'error[KDL035]: this condition is wrong: the condition is int',
  ],
  // Gates
  ['an approval from nobody', '47-said-twice', 'error[KDL016]: this approve does not say from whom'],
  ['one person who approves twice', '47-said-twice', 'error[KDL014]: user:ann is one person'],
  // Reuse
  [
    'an import from outside the repository',
    '43-wrong-imports',
    'error[KDL053]: "../../package.kdl" is outside the repository',
  ],
  [
    'a link that leads out of the repository',
    'config/pipeline/reuse/read-folder.test.ts',
    'nothing outside the repository is read',
  ],
  [
    'files that import each other',
    '45-wrong-inside-imports',
    'error[KDL051]: these files import each other: imports/circle-a.kdl →',
  ],
  ['imports more than ten deep', 'config/pipeline/reuse/load-imports.test.ts', 'ten deep'],
  ['a library that is not in the lock', '43-wrong-imports', 'error[KDL053]: acme/lib at v3 is not in buildit.lock'],
  ['a library that is not what the lock says', '43-wrong-imports', 'is not what buildit.lock says'],
  [
    'a library that names a secret',
    '46-greedy-library',
    'error[KDL052]: a template of another repository names a secret',
  ],
  ['an unknown template', '44-wrong-templates', 'error[KDL050]: there is no template "strickt"'],
  ['templates that use each other', '44-wrong-templates', 'error[KDL051]: these templates use each other: a → b → a'],
  ['a permission that widens: the user', '44-wrong-templates', 'error[KDL052]: the template says which user'],
  ['a permission that widens: the container', '44-wrong-templates', 'error[KDL052]: the template runs in a container'],
  ['a permission that widens: secrets', '44-wrong-templates', 'error[KDL052]: the template says which secrets'],
  ['a permission that widens: approval', '44-wrong-templates', 'error[KDL052]: the template wants an approval'],
  // Generated stages
  ['what may not be generated', '83-wrong-generated-stages', 'error[KDL071]: "pipeline" may not be generated'],
  [
    'more secrets than the file has',
    '83-wrong-generated-stages',
    'error[KDL072]: the generated stage "b" asks for the secret',
  ],
];

it.each(RULES)('%s is refused: %s', (_rule, shownBy, text) => {
  const golden = new URL(`${shownBy}.diagnostics.txt`, TESTDATA);
  const url = shownBy.endsWith('.ts') ? new URL(shownBy, ROOT) : golden;
  expect(existsSync(url)).toBe(true);
  expect(readFileSync(url, 'utf8')).toContain(text);
});
