import { EVENTS, PIPELINE_OUTCOMES, PULL_REQUEST_TYPES } from '#core/trigger.ts';
import { flag, many, one, word } from './word.ts';

/** `on`: which of its inner words belongs to which event is said in triggers.ts. */
export const trigger = word(
  'What starts the pipeline; without any: push, manual and api.',
  one('event', 'string', EVENTS),
  {
    repeat: 'many',
    words: {
      branches: word('Branches (globs); of a pull request the one it goes to.', many('glob'), { repeat: 'adds' }),
      'branches-ignore': word('Branches (globs) that start nothing.', many('glob'), { repeat: 'adds' }),
      tags: word('Tags (globs).', many('glob'), { repeat: 'adds' }),
      paths: word('Changed files (globs), one of which must match.', many('glob'), { repeat: 'adds' }),
      'paths-ignore': word('Changed files (globs) that start nothing by themselves.', many('glob'), { repeat: 'adds' }),
      types: word(
        'What happened to the pull request; default opened, synchronize and reopened.',
        [{ name: 'type', type: 'string', need: 'many', choices: PULL_REQUEST_TYPES }],
        { repeat: 'adds' },
      ),
      drafts: word('Whether pull requests that are drafts count; default #true.', flag),
      cron: word('Cron expression of five fields.', one('expression')),
      timezone: word('IANA name; default UTC.', one('name')),
      match: word('Glob for the first line of the comment.', one('glob')),
      name: word('The other pipeline (glob).', one('glob')),
      outcome: word(
        'How it must have ended; default passed.',
        [{ name: 'outcome', type: 'string', need: 'many', choices: PIPELINE_OUTCOMES }],
        { repeat: 'adds' },
      ),
    },
  },
);
