import type Docker from 'dockerode';
import { FaultError, NO_RETRY } from '#core/fault.ts';
import { explain, isUnreachable, statusOf } from './daemon-fault.ts';
import { orAbort } from './or-abort.ts';
import { findRegistryLogin } from './registry-login.ts';

export interface ImageWish {
  ref: string;
  pull: 'missing' | 'always' | 'never';
}

export interface ImageFacts {
  /** As whom its programs run unless told; empty is root. */
  user: string;
}

/** A pull on its way; it ends when nobody waits for it any more. */
interface Pull {
  done: Promise<void>;
  ending: AbortController;
  waiting: number;
}

/** By daemon and reference: stages that start together share one. */
const pulls = new WeakMap<Docker, Map<string, Pull>>();

/** What was found a moment ago, so that a run's stages do not ask for the same image each. */
const facts = new WeakMap<Docker, Map<string, { facts: ImageFacts; at: number }>>();
const FRESH_MS = 30_000;

/** The daemon says that the image is gone: it is looked for again. */
export function forgetImage(docker: Docker, ref: string): void {
  facts.get(docker)?.delete(ref);
}

/** Makes sure the daemon has the image. Throws `image-missing` or `image-pull-failed`, both before anything started. */
export async function ensureImage(docker: Docker, wish: ImageWish, signal?: AbortSignal): Promise<ImageFacts> {
  if (wish.pull === 'always') await pullOnce(docker, wish.ref, signal);
  const known = facts.get(docker)?.get(wish.ref);
  if (known && wish.pull !== 'always' && Date.now() - known.at < FRESH_MS) return known.facts;
  const present = await inspectImage(docker, wish.ref);
  if (present) return present;
  if (wish.pull === 'never') {
    throw new FaultError({
      code: 'image-missing',
      message: `The image ${wish.ref} is not on the Docker host, and pull="never" forbids to fetch it`,
      fix: `docker pull ${wish.ref}`,
      retry: NO_RETRY,
    });
  }
  await pullOnce(docker, wish.ref, signal);
  const pulled = await inspectImage(docker, wish.ref);
  if (pulled) return pulled;
  throw describePullFailure(wish.ref, 'the daemon does not have it after the pull');
}

async function inspectImage(docker: Docker, ref: string): Promise<ImageFacts | null> {
  try {
    const image = await docker.getImage(ref).inspect();
    const found: ImageFacts = { user: image.Config.User };
    const known = facts.get(docker) ?? new Map<string, { facts: ImageFacts; at: number }>();
    facts.set(docker, known.set(ref, { facts: found, at: Date.now() }));
    return found;
  } catch (error) {
    if (statusOf(error) === 404) return null;
    throw error;
  }
}

async function pullOnce(docker: Docker, ref: string, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  const running = pulls.get(docker) ?? new Map<string, Pull>();
  pulls.set(docker, running);
  const pull = running.get(ref) ?? beginPull(docker, ref, running);
  pull.waiting++;
  try {
    await orAbort(pull.done, signal);
  } finally {
    if (--pull.waiting === 0) {
      // Whoever comes now begins another one.
      if (running.get(ref) === pull) running.delete(ref);
      pull.ending.abort();
    }
  }
}

function beginPull(docker: Docker, ref: string, running: Map<string, Pull>): Pull {
  const ending = new AbortController();
  const pull: Pull = { done: pullImage(docker, ref, ending.signal), ending, waiting: 0 };
  // Nobody may be left to hear how it ended.
  pull.done.catch(() => undefined);
  running.set(ref, pull);
  return pull;
}

async function pullImage(docker: Docker, ref: string, signal: AbortSignal): Promise<void> {
  try {
    const authconfig = await findRegistryLogin(ref);
    const options = { abortSignal: signal, ...(authconfig === null ? {} : { authconfig }) };
    const progress = await docker.pull(ref, options);
    await new Promise<void>((resolve, reject) => {
      docker.modem.followProgress(progress, (error: Error | null) => (error ? reject(error) : resolve()));
    });
  } catch (error) {
    if (isUnreachable(error)) throw error;
    const cause = explain(error);
    if (/no space left/i.test(cause)) {
      throw new FaultError({
        code: 'disk-full',
        message: `No space is left on the Docker host for ${ref}`,
        cause,
        retry: NO_RETRY,
      });
    }
    throw describePullFailure(ref, cause);
  }
}

function describePullFailure(ref: string, cause: string): FaultError {
  const isMissing = /manifest unknown|not found|does not exist|pull access denied|no such image/i.test(cause);
  return new FaultError({
    code: isMissing ? 'image-missing' : 'image-pull-failed',
    message: isMissing ? `There is no image ${ref}, or you may not read it` : `The image ${ref} could not be fetched`,
    cause,
    fix: isMissing
      ? 'check the name; for a private image run docker login first'
      : `try it by hand: docker pull ${ref}`,
    retry: NO_RETRY,
  });
}
