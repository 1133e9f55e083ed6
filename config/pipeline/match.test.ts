import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile } from './compile.ts';
import { matchesGlob, selectsGlobs } from './glob.ts';
import { type EventFacts, matchEvent, subscriptionOf } from './match.ts';

const push = (branch: string, changed: string[] | null = [], message = 'm'): EventFacts => ({
  ...{ kind: 'push', branch, message, changed },
});

const pull = (more: Partial<Extract<EventFacts, { kind: 'pull_request' }>> = {}): EventFacts => ({
  ...{ kind: 'pull_request', base: 'main', type: 'opened', isDraft: false, message: 'm', changed: [] },
  ...more,
});

/** What a file with these triggers does at an event. */
function match(on: string, event: EventFacts) {
  const text = `${on}\nstage "a" executor="process" { run "x" }`;
  const { plan, diagnostics } = compile({ file: 'x.kdl', text, facts: null, params: {}, executor: null, stages: [] });
  expect(diagnostics).toEqual([]);
  if (!plan) throw new Error('no plan');
  const imports = { 'ci/node.kdl': '0'.repeat(64) };
  return matchEvent(subscriptionOf({ ...plan, file: '.buildit.kdl', imports }), event);
}

const SAYS: [on: string, event: EventFacts, kind: string, reason: string][] = [
  ['', push('main'), 'runs', 'push'],
  ['', { kind: 'manual' }, 'runs', 'started by hand'],
  ['', { kind: 'api' }, 'runs', 'started by a program'],
  ['', pull(), 'unheard', 'no trigger for a pull request that is opened'],
  ['', { kind: 'tag', tag: 'v1' }, 'unheard', 'no trigger for a tag'],
  ['on "push"', { kind: 'manual' }, 'unheard', 'no trigger for a start by hand'],
  ['on "push" branches="main"', push('main'), 'runs', 'push'],
  ['on "push" branches="main"', push('dev'), 'excluded', 'skipped: no matching branch'],
  ['on "push" branches="rel/*"', push('rel/1/x'), 'excluded', 'skipped: no matching branch'],
  ['on "push" { branches "rel/**" "!rel/old/**" }', push('rel/old/1'), 'excluded', 'skipped: no matching branch'],
  ['on "push" { branches "!wip/*" }', push('main'), 'runs', 'push'],
  ['on "push" branches-ignore="wip/*"', push('wip/a'), 'excluded', 'skipped: no matching branch'],
  ['on "push" branches-ignore="wip/*"', push('main'), 'runs', 'push'],
  ['on "push" { branches "**"; branches-ignore "dev" }', push('dev'), 'excluded', 'skipped: no matching branch'],
  ['on "push" branches="main"\non "push" branches="dev"', push('dev'), 'runs', 'push'],
  ['on "push"', { kind: 'tag', tag: 'v1' }, 'unheard', 'no trigger for a tag'],
  ['on "push" tags="v*"', { kind: 'tag', tag: 'v1' }, 'runs', 'tag v1'],
  ['on "push" tags="v*"', push('v1'), 'unheard', 'no trigger for a push'],
  ['on "push" { tags "v*"; branches "main" }', push('main'), 'runs', 'push'],
  ['on "push" { tags "v*"; paths "src/**" }', { kind: 'tag', tag: 'v1' }, 'runs', 'tag v1'],
  ['on "tag" { tags "v*" "!v0*" }', { kind: 'tag', tag: 'v0.1' }, 'excluded', 'skipped: no matching tag'],
  ['on "tag"', { kind: 'tag', tag: 'x' }, 'runs', 'tag x'],
  ['on "push" paths="src/**"', push('main', ['README.md', 'src/a/b.ts']), 'runs', 'push that changes src/a/b.ts'],
  ['on "push" paths="src/**"', push('main', ['README.md']), 'excluded', 'skipped: no matching paths'],
  ['on "push" paths="src/**"', push('main', []), 'excluded', 'skipped: no matching paths'],
  ['on "push" paths="src/**"', push('main', null), 'runs', 'push, with nothing to compare paths with'],
  ['on "push" paths-ignore="**/*.md"', push('main', ['a/b.md', 'c.md']), 'excluded', 'skipped: no matching paths'],
  ['on "push" paths-ignore="**/*.md"', push('main', ['a/b.md', 'c.ts']), 'runs', 'push that changes c.ts'],
  [
    'on "push" { paths "src/**"; paths-ignore "src/docs/**" }',
    push('main', ['src/docs/a', 'x']),
    'excluded',
    'skipped: no matching paths',
  ],
  [
    'on "push" paths="src/**"',
    push('main', ['.buildit.kdl']),
    'runs',
    'push that changes the pipeline itself: .buildit.kdl',
  ],
  ['on "push" paths="x"', push('main', ['ci/node.kdl']), 'runs', 'push that changes the pipeline itself: ci/node.kdl'],
  [
    'on "push" { branches "main"; paths "x" }',
    push('dev', ['.buildit.kdl']),
    'excluded',
    'skipped: no matching branch',
  ],
  ['', push('main', null, 'fix\n\n[skip ci]'), 'skipped', 'skipped: the commit message says [skip ci]'],
  ['', push('main', null, 'fix [CI SKIP]'), 'skipped', 'skipped: the commit message says [ci skip]'],
  ['on "pull_request"', pull({ message: '[ci skip]' }), 'skipped', 'skipped: the commit message says [ci skip]'],
  ['on "pull_request"', push('main', null, '[skip ci]'), 'unheard', 'no trigger for a push'],
  ['on "pull_request"', pull({ type: 'synchronize' }), 'runs', 'pull request'],
  ['on "pull_request"', pull({ type: 'labeled' }), 'unheard', 'no trigger for a pull request that is labeled'],
  ['on "pull_request" types="labeled"', pull({ type: 'labeled' }), 'runs', 'pull request'],
  ['on "pull_request" types="labeled"', pull(), 'unheard', 'no trigger for a pull request that is opened'],
  ['on "pull_request" branches="main"', pull({ base: 'dev' }), 'excluded', 'skipped: no matching branch'],
  ['on "pull_request"', pull({ isDraft: true }), 'runs', 'pull request'],
  ['on "pull_request" drafts=#false', pull({ isDraft: true }), 'excluded', 'skipped: it is a draft'],
  ['on "pull_request" drafts=#false', pull({ type: 'ready_for_review' }), 'runs', 'pull request'],
  ['on "pull_request" paths="a/*"', pull({ changed: ['b/c'] }), 'excluded', 'skipped: no matching paths'],
  [
    'on "schedule" cron="0 3 * * *"',
    { kind: 'schedule', cron: '0 3 * * *', timezone: 'UTC' },
    'runs',
    'schedule 0 3 * * * (UTC)',
  ],
  [
    'on "schedule" cron="0 3 * * *"',
    { kind: 'schedule', cron: '0 4 * * *', timezone: 'UTC' },
    'unheard',
    'no trigger for the schedule 0 4 * * * (UTC)',
  ],
  ['on "manual"', { kind: 'manual' }, 'runs', 'started by hand'],
  ['on "manual"', { kind: 'api' }, 'unheard', 'no trigger for a start by a program'],
  ['on "comment" match="/run *"', { kind: 'comment', text: ' /run all\r\nplease' }, 'runs', 'a comment matches /run *'],
  ['on "comment" match="/run"', { kind: 'comment', text: 'no\n/run' }, 'unheard', 'no trigger for this comment'],
  ['on "pipeline" name="b*"', { kind: 'pipeline', name: 'build', outcome: 'passed' }, 'runs', 'pipeline build passed'],
  [
    'on "pipeline" name="b"',
    { kind: 'pipeline', name: 'b', outcome: 'failed' },
    'unheard',
    'no trigger for pipeline b that failed',
  ],
  [
    'on "pipeline" name="b" outcome="ended"',
    { kind: 'pipeline', name: 'b', outcome: 'failed' },
    'runs',
    'pipeline b failed',
  ],
];

describe('a file that says', () => {
  it.each(SAYS)('%j: %j is %s', (on, event, kind, reason) => {
    expect(match(on, event)).toEqual({ kind, reason });
  });
});

it('the last glob that matches decides, whatever stands before it', () => {
  const name = fc.constantFrom('a', 'b', 'a/b', 'a/b/c');
  const glob = fc.tuple(fc.boolean(), fc.constantFrom('a', 'b', '*', 'a/*', '**', 'c'));
  fc.assert(
    fc.property(name, fc.array(glob, { maxLength: 6 }), (value, globs) => {
      const patterns = globs.map(([out, pattern]) => (out ? `!${pattern}` : pattern));
      // From the front, one at a time: what a reader does in the head.
      let selected = globs[0]?.[0] ?? true;
      for (const [out, pattern] of globs) if (matchesGlob(value, pattern)) selected = !out;
      expect(selectsGlobs(value, patterns)).toBe(selected);
    }),
  );
});

it('a path as long as Linux has one is compared', () => {
  const path = `src/${'d/'.repeat(2_000)}a.ts`;
  expect(match('on "push" paths="src/**/*.ts"', push('main', [path])).kind).toBe('runs');
});
