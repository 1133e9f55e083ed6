import { homedir } from 'node:os';
import type { Plan } from '#core/plan.ts';
import { EXIT } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';
import { quoteWord } from '../live/words.ts';
import { resolveDockerEndpoint } from './endpoint.ts';
import { pingDocker } from './ping.ts';

/**
 * The endpoint for a plan with container stages, after Docker has answered there; null
 * when no stage needs it. Throws exit 3: such a file never falls back to the host by itself.
 */
export async function requireDocker(
  plan: Plan,
  environment: Readonly<Record<string, string | undefined>>,
  file: string,
): Promise<{ endpoint: string } | null> {
  if (!plan.nodes.some((node) => node.kind === 'stage' && node.executor === 'docker')) return null;
  const { endpoint } = resolveDockerEndpoint(environment, environment['HOME'] ?? homedir());
  const cause = await pingDocker(endpoint);
  if (cause === null) return { endpoint };
  throw new CommandError(EXIT.notReady, {
    code: 'docker-unreachable',
    message: `Docker does not answer at ${endpoint}`,
    cause,
    fix: `start Docker, or run without isolation: buildit run ${quoteWord(file)} --executor process`,
  });
}
