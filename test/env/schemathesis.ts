import { spawn } from 'node:child_process';
import { findOnPath } from '#engine/which.ts';
import type { Readiness } from './readiness.ts';

/** Whether there is a Schemathesis (`pip install schemathesis`), the tester of OpenAPI documents. */
export function findSchemathesis(): Readiness {
  return findOnPath('schemathesis', process.env) === null
    ? { ready: false, reason: 'there is no schemathesis on PATH (pip install schemathesis)' }
    : { ready: true };
}

/**
 * Lets Schemathesis loose on a server, authenticated, with everything it has: examples, edge cases, random requests, and
 * chains of them along the links of the document. Answers what it says; `isClean` when it found nothing.
 */
export async function runSchemathesis(options: {
  origin: string;
  bearer: string;
  maxSeconds: number;
  /** Operations it must not call, by id. */
  without: readonly string[];
  folder: string;
}): Promise<{ isClean: boolean; output: string }> {
  const program = findOnPath('schemathesis', process.env) ?? 'schemathesis';
  const child = spawn(
    program,
    [
      ...['run', `${options.origin}/api/openapi.json`, '--header', `Authorization: Bearer ${options.bearer}`],
      ...['--max-time', String(options.maxSeconds), '--continue-on-failure', '--no-color'],
      ...['--checks', 'all', '--request-timeout', '10', '--suppress-health-check', 'all', '--warnings', 'off'],
      // What a schema alone cannot say makes 404, 409 or 422 of a request that fits it: names that are taken, texts
      // that do not compile, orders of versions.
      ...['--exclude-checks', 'positive_data_acceptance,missing_required_header'],
      ...options.without.flatMap((id) => ['--exclude-operation-id', id]),
    ],
    { cwd: options.folder, env: { ...process.env, PYTHONHASHSEED: '0' }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  const keep = (chunk: Buffer) => void (output += chunk.toString('utf8'));
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { isClean: code === 0, output };
}
