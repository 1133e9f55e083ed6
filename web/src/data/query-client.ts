import { QueryClient } from '@tanstack/react-query';
import { problemOf } from '../ui/describe-failure.ts';

const TRIES = 2;

/** What the pages have read. What is old is shown with its age until the newer is there. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        // The stream says what changed; coming back to a tab asks anew.
        staleTime: 10_000,
        gcTime: 10 * 60_000,
        refetchOnWindowFocus: true,
        // Whether there is a network says the request, not the browser's guess.
        networkMode: 'always',
        retry: (tries, error) => tries < TRIES && isPassing(error),
        retryDelay: (tries) => 300 * 2 ** tries,
      },
      mutations: { networkMode: 'always', retry: false },
    },
  });
}

/** Whether the same question may have an answer in a moment. Ten seconds of silence are not waited for twice. */
function isPassing(error: unknown): boolean {
  const problem = problemOf(error);
  return problem !== null && problem.retry !== 'no' && problem.code !== 'no-answer' && problem.status !== 429;
}
