import type { Severity } from '#core/diagnostic.ts';

/** What is known about one kind of diagnostic; `buildit help CODE` prints it. */
export interface CodeEntry {
  severity: Severity;
  title: string;
  /** Why it is so, and what to do. */
  explanation: string;
  /** A file that has this problem; null where it takes more than a file. */
  example: string | null;
}

const entry = (title: string, explanation: string, example: string | null = null): CodeEntry => ({
  severity: 'error',
  title,
  explanation,
  example,
});

const STAGE = 'stage "a" executor="process"';

/** Every diagnostic of the pipeline language. Codes are never reused. */
export const CODES = {
  KDL001: entry(
    'The file is too large',
    'A pipeline file has at most 256 KiB, so that checking it never takes long. Long scripts belong into files of the repository.',
  ),
  KDL002: entry(
    'The file nests too deep',
    'Blocks and comments nest at most 64 levels.',
    `${'a { '.repeat(65)}${'}'.repeat(65)}\n`,
  ),
  KDL003: entry(
    'The file has too many parts',
    'A node has at most 4,096 entries, a file 10,000 nodes and 20,000 entries, and at most 8 # stand in a row.',
    `${STAGE} { run #########"x"######### }\n`,
  ),
  KDL004: entry(
    'The text is no KDL',
    'The parser could not go on here. Only the first such place is reported, since what follows cannot be read.',
    `${STAGE} { run "a" = }\n`,
  ),
  KDL005: entry(
    'Something is never closed',
    'A string, comment, list or block begins and does not end.',
    `${STAGE} {\n`,
  ),
  KDL006: entry(
    'Unknown word',
    'The language does not know this word at this place. Nothing is ever ignored: a word that has no effect is an error.',
    `${STAGE} { run "true"; runs "true" }\n`,
  ),
  KDL007: entry(
    'A type annotation',
    'KDL has annotations such as (u8)5; the language gives them no meaning.',
    `${STAGE} { run (text)"true" }\n`,
  ),
  KDL008: entry(
    'A value of the wrong kind',
    'The word wants another kind of value: a string, a number, #true or #false.',
    `${STAGE} { run 5 }\n`,
  ),
  KDL009: entry('Too many or too few values', 'The word wants another number of values.', `${STAGE} { run "a" "b" }\n`),
  KDL010: entry(
    'Given twice',
    'The word may stand once here, or the same thing is said a second time.',
    `${STAGE} { run "true"; timeout "1m"; timeout "2m" }\n`,
  ),
  KDL011: entry(
    'The name is taken',
    'Names of stages and gates are unique in a file, others inside their stage or pipeline.',
    `${STAGE} { run "true" }\n${STAGE} { run "true" }\n`,
  ),
  KDL012: entry(
    'Unknown stage in needs',
    'An edge names a stage, gate or leg that the file does not declare.',
    `${STAGE} needs="b" { run "true" }\n`,
  ),
  KDL013: entry(
    'Stages wait for each other',
    'The needs form a cycle, so none of its stages could ever start.',
    `${STAGE} needs="a" { run "true" }\n`,
  ),
  KDL014: entry(
    'A value out of range',
    'The value is of the right kind but not one that the word allows.',
    `${STAGE} timeout="soon" { run "true" }\n`,
  ),
  KDL015: entry(
    'Not a name',
    'Names become part of paths, containers and addresses, so they hold few kinds of characters.',
    `stage "a b" executor="process" { run "true" }\n`,
  ),
  KDL016: entry('Something is missing', 'The word cannot do its work without it.', `${STAGE}\n`),
  KDL017: entry(
    'Words that do not go together',
    'One of the two words makes the other meaningless.',
    `${STAGE} { run "true"; manual; gate { approve from="user:ann" } }\n`,
  ),
  KDL018: entry(
    'A stage without an image',
    'Stages run in containers unless the file or the command line says otherwise; nothing falls back to this machine by itself.',
    'stage "a" { run "true" }\n',
  ),
  KDL019: entry(
    'The executor cannot do this',
    'Ignoring the word would change what the stage may do, so the file is refused. The table of words and executors is in docs/word-executor.md.',
    `${STAGE} user="app" { run "true" }\n`,
  ),
  KDL020: entry(
    'A matrix of the wrong size',
    'A matrix has 1 to 256 legs; more are refused before any is made.',
    `${STAGE} { run "true"; matrix { axis "x" "1"; exclude x="1" } }\n`,
  ),
  KDL021: entry(
    'It matches no leg',
    'An exclude or include that changes nothing is a mistake in the file.',
    `${STAGE} { run "true"; matrix { axis "x" "1"; exclude x="2" } }\n`,
  ),
  KDL022: entry(
    'A wrong axis',
    'Axes and their values are unique, and become part of the names of legs.',
    `${STAGE} { run "true"; matrix { axis "x" "1" "1" } }\n`,
  ),
  KDL023: entry('A plan too large', 'A plan has at most 5,000 stages, legs and gates, and 100,000 edges between them.'),
  KDL024: entry('No such stage to select', '--stage names a stage, leg or gate of the file.'),
  KDL025: entry(
    'Nothing has this name',
    'References begin with git, pr, pipeline, run, stage, env, secrets, params, matrix or stages, and name a field that is there.',
    `${STAGE} { run "true"; env "A" "\${gti.sha}" }\n`,
  ),
  KDL026: entry(
    'Not a reference',
    'A reference is ${root.name} or ${root.name ?? "default"}. A literal ${ is written $${.',
    `${STAGE} { run "true"; env "A" "\${git.sha:0:7}" }\n`,
  ),
  KDL027: entry(
    'A fact without a value',
    'The run that is planned has no such fact: the folder is no repository, the variable is not declared, the leg has no such value. A default after ?? is used then.',
    `${STAGE} { run "true"; env "A" "\${git.sha}" }\n`,
  ),
  KDL028: entry(
    'Not known yet',
    'Outputs, run numbers and attempts exist only once the run is under way; names, durations and patterns are needed before.',
    `${STAGE} { run "true"; timeout "\${run.number}m" }\n`,
  ),
  KDL029: entry(
    'A secret in the wrong place',
    'Secrets may stand in env, secret and scripts. Everything else is shown to people and stored.',
    `${STAGE} { run "true"; workdir "\${secrets.TOKEN}" }\n`,
  ),
  KDL030: entry(
    'Read without waiting',
    'An output is read from a stage that need not have ended: it is no ancestor.',
    `${STAGE} { run "true" }\nstage "b" executor="process" { run "true"; env "A" "\${stages.a.outputs.x}" }\n`,
  ),
  KDL031: entry(
    'Which leg?',
    'A stage with a matrix has outputs for each leg, so the reference names one: stages.test[node=22].outputs.x.',
    `${STAGE} { run "true"; matrix { axis "x" "1" } }\nstage "b" executor="process" needs="a" { run "true"; env "A" "\${stages.a.outputs.k}" }\n`,
  ),
  KDL032: entry(
    'The shell does not expand here',
    'A value never becomes part of a script: a reference is the expansion of a variable, and in single quotes or a here-document with a quoted delimiter the shell expands nothing.',
    `${STAGE} { run "echo '\${stage.name}'" }\n`,
  ),
  KDL033: entry(
    'The value would be parsed again',
    'What the shell expands here is read a second time as code: by eval, sh -c, ssh, awk, as arithmetic. A branch called a$(touch x)b would then run its command. Read the variable inside that code instead.',
    `${STAGE} { run "eval \${stage.name}" }\n`,
  ),
  KDL034: entry(
    'Not a POSIX shell',
    'References in scripts work where BuildIt knows the quoting: sh, dash, ash, bash. Other languages read a variable of their environment.',
    `${STAGE} { shell "python3"; run "print(\${stage.index})" }\n`,
  ),
  KDL035: entry(
    'A wrong condition',
    'Conditions are written in the Common Expression Language and are true or false.',
    `${STAGE} { run "true"; when "1 +" }\n`,
  ),
  KDL036: entry(
    'matches() is refused',
    'A regular expression that backtracks can hang. glob(value, pattern), startsWith, endsWith and contains cannot.',
    `${STAGE} { run "true"; when "stage.name.matches('a')" }\n`,
  ),
  KDL037: entry(
    'A condition that fails',
    'A condition that cannot be evaluated is an error, never "false".',
    `${STAGE} { run "true"; when "int(stage.name) == 1" }\n`,
  ),
  KDL038: entry(
    'A wrong parameter',
    'Parameters are declared in the pipeline, with a type; a value of another type is an error before the run.',
    `pipeline "p" { param "n" type="number" default="x" }\n${STAGE} { run "true" }\n`,
  ),
  KDL039: entry(
    'Not an RE2 pattern',
    'Patterns are RE2: no look-around, no back-references, and nothing that can hang.',
    `${STAGE} { run "true"; retry log-match="(?=a)" }\n`,
  ),
  KDL041: entry(
    'A variable of BuildIt',
    'Variables that begin with BUILDIT are set by BuildIt in every stage.',
    `${STAGE} { run "true"; env "BUILDIT_STAGE" "x" }\n`,
  ),
  KDL042: {
    severity: 'warning',
    title: 'A bare word in a condition',
    explanation: 'In the older form of conditions a bare word is a string. Quotes say so.',
    example: `${STAGE} { run "true"; when "{stage.name} == a" }\n`,
  },
  KDL043: entry(
    'A script that cannot be followed',
    'A reference must be quoted as its place demands, so BuildIt follows the quoting of the script. Where it cannot be sure, it refuses the reference instead of guessing.',
    `${STAGE} { run "echo \\"\${stage.name}" }\n`,
  ),
  KDL044: entry(
    'No such cache',
    'A stage names a cache that the file does not declare. A cache is declared at the top of the file, or inside the stage with its paths and key.',
    `${STAGE} { run "true"; cache "npm" }\n`,
  ),
  KDL045: entry(
    'A path cached twice',
    'A folder is cached with all that is in it, so two caches of a stage cannot hold the same files: the later one would bring back what the earlier one had changed.',
    `${STAGE} { run "true"; cache { path "a" "a/b"; key "k" } }\n`,
  ),
  KDL046: {
    severity: 'warning',
    title: 'A cache that nobody uses',
    explanation: 'A cache at the top of a file has an effect in the stages that name it, and nowhere else.',
    example: `cache "npm" { path "a"; key "k" }\n${STAGE} { run "true" }\n`,
  },
  KDL050: entry(
    'Unknown template',
    'A stage uses a template that neither the file nor one it imports declares.',
    `${STAGE} uses="node" { run "true" }\n`,
  ),
  KDL051: entry(
    'Reuse in a circle',
    'Files import each other, or templates use each other, so that none of them could ever be read to its end; or they do so more than ten deep.',
    `template "a" { stage uses="a" { run "true" } }\n${STAGE} uses="a"\n`,
  ),
  KDL052: entry(
    'More than the template allows',
    'A stage may say every word of its template anew, but where the template says as whom, where, with which secrets or after whose approval the stage runs, the stage may only ask for less.',
    `template "a" { stage { user "app"; image "busybox:1.37" } }\nstage "b" uses="a" { user "root"; run "true" }\n`,
  ),
  KDL053: entry(
    'A file that cannot be imported',
    'Imports are files of the same repository, beside the file or below, or files of another repository whose commit and content stand in buildit.lock.',
    `import "../other.kdl"\n${STAGE} { run "true" }\n`,
  ),
  KDL054: entry(
    'It belongs into the pipeline file itself',
    'What starts a pipeline, its name and its defaults stand in its own file; an imported one has templates, stages, gates and caches, one of another repository templates alone.',
  ),
  KDL070: entry(
    'No output to take values from',
    'The values of an axis may come from an output of a stage that the matrix waits for: the text of a JSON list of strings.',
    `${STAGE} { run "true" }\nstage "b" executor="process" needs="a" { run "true"; matrix { axis "x" from="stages.a.result" } }\n`,
  ),
  KDL071: entry(
    'It may not be generated',
    'A stage with generate #true adds stages and gates to its run. What starts the pipeline, its name, defaults, templates and caches stand in the file.',
  ),
  KDL072: entry(
    'More than the file allows its stages',
    'A generated stage gets no secret that no stage of the file asks for, and leaves the container only where a stage of the file does: what a stage writes must not widen what the run may do.',
  ),
  KDL073: entry(
    'A stage that would wait for its own run',
    'A run that has a place of a concurrency group keeps it until it ends; a stage of it that wants a place of the same group would never get one.',
    `pipeline "p" { concurrency "g" }\n${STAGE} { run "true"; concurrency "g" }\n`,
  ),
  KDL074: entry(
    'A word without effect beside an action',
    'A stage that runs another pipeline runs no scripts of its own, so words about scripts, their container and what they leave have nothing to say there.',
    `${STAGE} { pipeline "other"; run "true" }\n`,
  ),
} as const satisfies Readonly<Record<string, CodeEntry>>;

export type Code = keyof typeof CODES;

/** The entry of a code, or null for a code nobody has. */
export function explainCode(code: string): CodeEntry | null {
  return Object.entries(CODES).find(([known]) => known === code.toUpperCase())?.[1] ?? null;
}
