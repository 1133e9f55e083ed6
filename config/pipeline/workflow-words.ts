import { WHEN_BUSY } from '#core/concurrency.ts';
import { one, word } from './word.ts';

export const concurrency = word('A group of which so many run at the same time.', one('group'), {
  words: {
    limit: word('How many; default 1. Whoever asks last says it for the group.', one('count', 'integer')),
    'when-busy': word(
      'What happens when all places are taken: queue (default), replace-pending, cancel-running, skip-older.',
      one('what', 'string', WHEN_BUSY),
    ),
  },
});

export const child = word('Another pipeline that is run instead of scripts.', one('name'), {
  words: {
    param: word(
      'A parameter of that pipeline and its value.',
      [...one('name'), { name: 'value', type: 'scalar', need: 'one' }],
      { repeat: 'many' },
    ),
  },
});

export const environment = word('Environment whose lock and secrets apply.', one('name'));
