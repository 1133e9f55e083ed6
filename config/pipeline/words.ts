import { EDGE_KINDS, RETRY_ON, RUN_ON } from '#core/plan.ts';
import { trigger } from './trigger-words.ts';
import { flag, many, one, optional, type Word, word } from './word.ts';
import { child, concurrency, environment } from './workflow-words.ts';

const image = word('Container image of the stage.', one('reference'), {
  words: {
    pull: word(
      'When the image is fetched: missing (default), always, never.',
      one('when', 'string', ['missing', 'always', 'never']),
    ),
  },
});

const env = word(
  'Environment variables, as `env "NAME" "value"` or a block of `NAME "value"`.',
  [optional('name'), optional('value')],
  { repeat: 'many', open: word('An environment variable.', one('value')) },
);

const executor = word(
  'Where stages run: in containers (docker, default) or on this machine (process).',
  one('name', 'string', ['docker', 'process']),
);

const shell = word('Interpreter of the scripts and its arguments; default: sh -e.', many('command'));

const exit = word('Exit codes this is about.', many('code', 'integer'), { repeat: 'adds' });

const retry = word('When a failed attempt is followed by another; the first rule that matches.', [], {
  repeat: 'many',
  words: {
    limit: word('Attempts after the first, 1 to 10; default 1.', one('count', 'integer')),
    on: word('Kind of failure; default any.', one('kind', 'string', RETRY_ON)),
    exit,
    'log-match': word('RE2 pattern looked for in the log.', one('pattern')),
    backoff: word('Wait before the next attempt; default none.', one('duration')),
    factor: word('What the wait is multiplied by each time; default 1.', one('factor', 'number')),
    max: word('Longest wait.', one('duration')),
  },
});

const resources = word('Limits of the stage.', [], {
  words: {
    cpu: word('CPUs, "0.5" or 2.', one('count', 'number-or-string')),
    memory: word('Memory, "512MiB".', one('size')),
    pids: word('Processes at the same time.', one('count', 'integer')),
    disk: word('Space of the workspace, "10GiB".', one('size')),
  },
});

const match = word('RE2 pattern that the value must match.', one('pattern'));
const values = word('The values to choose from.', many('value'), { repeat: 'adds' });
const required = word('There is no run without a value.', flag);
const description = word('A sentence for people.', one('text'));

const param = word('A parameter of the run, given with --param.', one('name'), {
  repeat: 'many',
  words: {
    type: word(
      'Kind of value; default string.',
      one('kind', 'string', ['string', 'number', 'boolean', 'enum', 'list', 'secret']),
    ),
    default: word('Value when none is given.', [{ name: 'value', type: 'scalar', need: 'many' }]),
    match,
    values,
    required,
    description,
  },
});

const edges = {
  needs: word('Stages and gates that must have succeeded.', many('name'), { repeat: 'adds' }),
  need: word('One need with its own terms.', one('name'), {
    repeat: 'many',
    words: {
      on: word('Ending that is wanted; default success.', one('ending', 'string', EDGE_KINDS)),
      fetch: word('Whether its artifacts are delivered; default #true.', one('on', 'boolean')),
    },
  }),
  'if-all-skipped': word(
    'What happens when every need was skipped: skip (default) or run.',
    one('what', 'string', ['skip', 'run']),
  ),
  'run-on': word(
    'Whether it runs after success (default), after a failure, or always.',
    one('ending', 'string', RUN_ON),
  ),
  when: word('Condition (CEL).', one('expression')),
};

const gateRules = {
  approve: word('Who must approve.', [], {
    repeat: 'many',
    words: {
      from: word('`user:NAME` or `team:NAME`.', one('who')),
      min: word('How many of them; default 1.', one('count', 'integer')),
    },
  }),
  'no-self': word('Who started the run does not count.', flag),
  field: word('A value the approver fills in.', one('name'), {
    repeat: 'many',
    words: {
      type: word('Kind of value; default string.', one('kind', 'string', ['string', 'number', 'boolean', 'enum'])),
      match,
      values,
      required,
      default: word('Value when none is given.', one('value')),
      description,
    },
  }),
  expires: word('When the gate closes by itself.', one('duration'), {
    words: {
      'on-expire': word('What happens then; default reject.', one('verdict', 'string', ['reject', 'approve'])),
    },
  }),
  remind: word('When the approvers are reminded.', one('duration')),
  window: word('Minutes in which the gate may open.', [], {
    words: {
      cron: word('Cron expression of five fields.', one('expression')),
      timezone: word('IANA name; default UTC.', one('name')),
    },
  }),
};

const axis = word('A name and its values.', [...one('name'), { name: 'value', type: 'string', need: 'any' }], {
  repeat: 'many',
  words: { from: word('Output with a JSON list of the values: `stages.NAME.outputs.KEY`.', one('path')) },
});

const matrix = word('One leg of the stage for each combination.', [], {
  words: {
    axis,
    include: word('Adds values to matching legs, or a leg.', [], {
      repeat: 'many',
      open: word('A value.', one('value')),
    }),
    exclude: word('Takes matching legs out.', [], {
      repeat: 'many',
      open: word('A value.', one('value')),
    }),
    'fail-fast': word('Whether one failed leg ends the others; default #true.', flag),
    'max-parallel': word('Legs at the same time.', one('count', 'integer')),
  },
});

const secret = (inner: Readonly<Record<string, Word>>) =>
  word('A secret released into this stage.', one('name'), {
    repeat: 'many',
    words: { as: word('Environment variable; default: its name.', one('variable')), ...inner },
  });

const service = word('A container beside the stage, on its network under its name.', one('name'), {
  repeat: 'many',
  words: {
    image: { ...image, summary: 'Container image of the service.' },
    env,
    secret: { ...secret({}), summary: 'A secret released into this service.' },
    command: word('What it runs instead of what its image says.', many('argument')),
    ready: word('When the stage may start; default: what the image says.', [], {
      words: {
        tcp: word('A port that takes connections.', one('port', 'integer')),
        http: word('A port that answers a GET with 2xx.', one('port', 'integer')),
        path: word('Path of the GET; default /.', one('path')),
        exec: word('A command inside it that ends with 0.', many('argument')),
        log: word('RE2 pattern looked for in its output.', one('pattern')),
        timeout: word('How long it may take; default 60s.', one('duration')),
      },
    }),
  },
});

const runsOn = word('Labels that the machine of the stage must have.', many('label'), { repeat: 'adds' });

const artifact = word('Files that are kept and delivered to dependents.', one('name'), {
  repeat: 'many',
  words: {
    path: word('Globs relative to the workspace.', many('glob'), { repeat: 'adds' }),
    on: word(
      'Ending after which they are kept; default success.',
      one('ending', 'string', ['success', 'failure', 'always']),
    ),
    expire: word('How long they are kept.', one('duration')),
    optional: word('Whether nothing to keep is fine.', flag),
  },
});

const cacheWords = {
  path: word('Folder or file, below the workspace or below `~/`.', many('path'), { repeat: 'adds' }),
  key: word('Name of the entry: the same key is the same content, for ever.', one('key')),
  restore: word('Beginnings of other keys whose newest entry will do.', many('prefix'), { repeat: 'adds' }),
  save: word(
    'Ending after which a new entry is kept; default success.',
    one('ending', 'string', ['success', 'always']),
  ),
} as const;

const cache = word(
  'Files kept from run to run: one of the top of the file by its name, or one of its own.',
  [optional('name')],
  {
    repeat: 'many',
    words: cacheWords,
  },
);

const declaredCache = word('Files kept from run to run, for the stages that name it.', one('name'), {
  repeat: 'many',
  words: cacheWords,
});

const stage = word('A unit of work: its scripts share one container and one directory.', one('name'), {
  repeat: 'many',
  words: {
    uses: word('The template whose words are its own where it does not say them itself.', one('template')),
    with: word('Value of a parameter of the template.', [...one('param'), ...many('value', 'scalar')], {
      repeat: 'many',
    }),
    image,
    run: word('A script, one step each, in order.', one('script'), { repeat: 'many' }),
    shell,
    env,
    secret: secret({
      file: word('Absolute path of a file that holds it, readable by the stage alone.', one('path')),
    }),
    service,
    workdir: word('Directory of the scripts, below the workspace.', one('path')),
    user: word('User inside the container.', one('name')),
    ...edges,
    timeout: word('Time of one attempt.', one('duration')),
    'no-output-timeout': word('Time without output after which an attempt is ended.', one('duration')),
    grace: word('Time between SIGTERM and SIGKILL; default 10s.', one('duration')),
    retry,
    'allow-failure': word('A failure is amber, dependents run.', flag, { words: { exit } }),
    artifact,
    cache,
    artifacts: word('Globs kept as one artifact with the name of the stage.', many('glob'), {
      repeat: 'adds',
    }),
    report: word(
      'Test reports that are read when the scripts have ended, also after a failure.',
      [{ name: 'kind', type: 'string', need: 'one', choices: ['junit'] }, ...many('glob')],
      { repeat: 'many' },
    ),
    annotate: word('Markdown files shown with the run.', many('glob'), { repeat: 'adds' }),
    matrix,
    concurrency,
    environment,
    pipeline: child,
    generate: word('It may write more stages of the run to `$BUILDIT_STAGES`.', flag),
    manual: word('A gate before the stage that any member may pass.', flag),
    gate: word('A gate before the stage.', [], { words: gateRules }),
    executor,
    'runs-on': runsOn,
    platform: word('System and architecture of the image, "linux/arm64".', one('platform')),
    resources,
  },
});

const pipeline = word('Name of the pipeline and defaults of its stages.', one('name'), {
  words: {
    description,
    timeout: word('Time of the run; stands still while no stage executes.', one('duration')),
    param,
    env,
    image,
    executor,
    shell,
    retry,
    'runs-on': runsOn,
    resources,
    concurrency,
  },
});

const gate = word('People decide before what needs it goes on.', one('name'), {
  repeat: 'many',
  words: { ...gateRules, ...edges },
});

const template = word('Words of a stage, for the stages that use it.', one('name'), {
  repeat: 'many',
  words: {
    description,
    param: { ...param, summary: 'A parameter of the template, given with `with`.' },
    stage: {
      ...stage,
      summary: 'What a stage that uses it says, if it does not say it itself.',
      args: [],
      repeat: 'once',
      like: 'stage',
    },
  },
});

const importing = word(
  'Another file whose templates, stages, gates and caches are as if they stood here.',
  one('file'),
  {
    repeat: 'many',
    words: { ref: word('Branch, tag or commit of another repository, named `org/lib`.', one('ref')) },
  },
);

/** The whole language of a pipeline file, from its top level down. */
export const FILE_WORD: Word = word('A pipeline file.', [], {
  words: { pipeline, on: trigger, import: importing, cache: declaredCache, template, stage, gate },
  older: { trigger: 'on' },
});

/** Every word with its path (`stage/image/pull`), depth first. */
export function listWords(root: Word = FILE_WORD, prefix = ''): { path: string; word: Word }[] {
  return Object.entries(root.words).flatMap(([name, inner]) => [
    { path: prefix + name, word: inner },
    ...(inner.like === undefined ? listWords(inner, `${prefix}${name}/`) : []),
  ]);
}
