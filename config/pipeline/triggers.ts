import { EVENTS, type EventKind, PIPELINE_OUTCOMES, PULL_REQUEST_TYPES, type Trigger } from '#core/trigger.ts';
import { readCron, readTimezone } from './cron.ts';
import { findGlobError } from './glob.ts';
import type { KdlValue } from './kdl.ts';
import { suggest } from './nearest.ts';
import { splitText } from './references.ts';
import type { WordNode } from './shape.ts';
import { findWord, listWord, readFlag, type Reading } from './values.ts';

/** Which words an event has; the rest of them belong to others. */
const WORDS: Readonly<Record<EventKind, readonly string[]>> = {
  push: ['branches', 'branches-ignore', 'tags', 'paths', 'paths-ignore'],
  pull_request: ['branches', 'branches-ignore', 'types', 'paths', 'paths-ignore', 'drafts'],
  tag: ['tags'],
  schedule: ['cron', 'timezone'],
  manual: [],
  api: [],
  comment: ['match'],
  pipeline: ['name', 'outcome'],
};

/**
 * What a file says with `on` (LANGUAGE §3); null when it says nothing. Triggers are matched before there is a run, so
 * nothing in them may refer to one.
 */
export function readTriggers(reading: Reading, file: WordNode): Trigger[] | null {
  const nodes = listWord(file, 'on');
  const bare = new Map<EventKind, WordNode>();
  const triggers = nodes.flatMap((node): Trigger[] => {
    const event = readEvent(reading, node);
    if (event === null || !checkWords(reading, node, event)) return [];
    if (node.words.size === 0) {
      const first = bare.get(event);
      if (first) {
        reading.problems.report('KDL010', node.namePlace, `on "${event}" is given twice`, {
          related: [{ place: first.namePlace, message: 'first given here' }],
          hint: 'keep one of the two',
        });
      }
      bare.set(event, node);
    }
    const one = readTrigger(reading, node, event);
    return one ? [one] : [];
  });
  return nodes.length > 0 ? triggers : null;
}

function readTrigger(reading: Reading, node: WordNode, event: EventKind): Trigger | null {
  switch (event) {
    case 'push':
      return {
        on: event,
        ...readBranches(reading, node),
        tags: readGlobs(reading, node, 'tags'),
        ...readPaths(reading, node),
      };
    case 'pull_request':
      return {
        on: event,
        ...readBranches(reading, node),
        types: readChoices(reading, node, 'types', PULL_REQUEST_TYPES),
        ...readPaths(reading, node),
        drafts: readFlag(node, 'drafts', true),
      };
    case 'tag':
      return { on: event, tags: readGlobs(reading, node, 'tags') };
    case 'schedule': {
      requireWord(reading, node, 'cron', 'on "schedule" cron="0 3 * * *"');
      const cron = readCron(reading, node);
      const timezone = readTimezone(reading, node);
      return cron === null || timezone === null ? null : { on: event, cron, timezone };
    }
    case 'manual':
    case 'api':
      return { on: event };
    case 'comment': {
      requireWord(reading, node, 'match', 'on "comment" match="/deploy*"');
      const [match] = readGlobs(reading, node, 'match');
      return match === undefined ? null : { on: event, match };
    }
    case 'pipeline': {
      requireWord(reading, node, 'name', 'on "pipeline" name="build"');
      const [name] = readGlobs(reading, node, 'name');
      const outcome = readChoices(reading, node, 'outcome', PIPELINE_OUTCOMES);
      return name === undefined ? null : { on: event, name, outcome: outcome.length > 0 ? outcome : ['passed'] };
    }
    default:
      throw new Error(`unknown event ${String(event satisfies never)}`);
  }
}

function readEvent({ problems }: Reading, node: WordNode): EventKind | null {
  const [value] = node.args;
  if (typeof value?.value !== 'string') return null;
  const event = EVENTS.find((one) => one === value.value);
  if (event !== undefined) return event;
  const hint = suggest(value.value, EVENTS);
  problems.report('KDL014', value.place, `there is no event "${value.value}"`, {
    label: `one of: ${EVENTS.join(', ')}`,
    ...(hint?.startsWith('did') ? { hint } : {}),
  });
  return null;
}

function checkWords({ problems }: Reading, node: WordNode, event: EventKind): boolean {
  const foreign = [...node.words.values()].flat().filter((one) => !WORDS[event].includes(one.name));
  for (const one of foreign) {
    const owners = EVENTS.filter((other) => WORDS[other].includes(one.name));
    const own = WORDS[event];
    problems.report('KDL017', one.namePlace, `"${one.name}" has no meaning for the event ${event}`, {
      label: `it belongs to ${owners.join(' and ')}`,
      hint: own.length > 0 ? `${event} has: ${own.join(', ')}` : `${event} has no words of its own`,
    });
  }
  return foreign.length === 0;
}

function requireWord({ problems }: Reading, node: WordNode, word: string, example: string): void {
  if (findWord(node, word)) return;
  problems.report('KDL016', node.place, `this trigger has no ${word}`, { hint: `write: ${example}` });
}

function readBranches(reading: Reading, node: WordNode) {
  return {
    branches: readGlobs(reading, node, 'branches'),
    branchesIgnore: readGlobs(reading, node, 'branches-ignore'),
  };
}

function readPaths(reading: Reading, node: WordNode) {
  return { paths: readGlobs(reading, node, 'paths'), pathsIgnore: readGlobs(reading, node, 'paths-ignore') };
}

function readGlobs(reading: Reading, node: WordNode, word: string): string[] {
  return listTexts(reading, node, word).flatMap(({ text, value }) => {
    const wrong = findWrong(word, text);
    if (wrong === null) return [text];
    reading.problems.report('KDL014', value.place, `${JSON.stringify(text)} can match nothing: ${wrong.why}`, {
      hint: wrong.hint,
    });
    return [];
  });
}

/** What a glob says that no branch, tag or changed file can be; a filter that never matches is a mistake. */
function findWrong(word: string, text: string): { why: string; hint: string } | null {
  const glob = text.replace(/^!/, '');
  const hint = 'a name is a glob: "main", "release/*", "docs/**", "!docs/old/**"';
  const error = findGlobError(glob);
  if (error !== null) return { why: error, hint };
  if (glob === '' || glob.startsWith('!')) return { why: 'it is no name', hint };
  if (glob.startsWith('^')) return { why: 'it looks like a regular expression', hint };
  if (!word.startsWith('paths')) {
    const prefix = /^refs\/(?:heads|tags)\//.exec(glob)?.[0];
    return prefix === undefined ? null : { why: 'names stand without their prefix', hint: `leave "${prefix}" out` };
  }
  if (glob.startsWith('/') || glob.startsWith('./') || glob.split('/').includes('..')) {
    return { why: 'paths begin at the top of the repository', hint: `write "${glob.replace(/^[./]+/, '')}"` };
  }
  return glob.endsWith('/') ? { why: 'it is a folder, and files are compared', hint: `write "${glob}**"` } : null;
}

function readChoices<Choice extends string>(
  reading: Reading,
  node: WordNode,
  word: string,
  choices: readonly Choice[],
): Choice[] {
  return listTexts(reading, node, word).flatMap(({ text, value }) => {
    const choice = choices.find((one) => one === text);
    if (choice !== undefined) return [choice];
    const hint = suggest(text, choices);
    reading.problems.report('KDL014', value.place, `"${text}" is no value of ${word}`, {
      label: `one of: ${choices.join(', ')}`,
      ...(hint?.startsWith('did') ? { hint } : {}),
    });
    return [];
  });
}

function listTexts({ problems }: Reading, node: WordNode, word: string): { text: string; value: KdlValue }[] {
  return listWord(node, word).flatMap((one) =>
    one.args.flatMap((value) => {
      if (typeof value.value !== 'string') return [];
      if (splitText(value.value).every((part) => part.kind === 'literal')) return [{ text: value.value, value }];
      problems.report('KDL028', value.place, 'a trigger is matched before there is a run: nothing has a value yet', {
        hint: 'write the name itself, or a glob; what depends on the run belongs into when',
      });
      return [];
    }),
  );
}
