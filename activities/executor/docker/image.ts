import type Docker from 'dockerode';
import { FaultError, NO_RETRY } from '#core/fault.ts';
import type { PullProgress } from '#core/image-pull.ts';
import { explain, FREE_SPACE, isUnreachable, statusOf } from './daemon-fault.ts';
import { orAbort } from './or-abort.ts';

export interface ImageWish {
  ref: string;
  pull: 'missing' | 'always' | 'never';
  /** `linux/arm64`; absent or null is what the daemon takes. */
  platform?: string | null;
}

export interface ImageFacts {
  id: string;
  /** By which the registry of the reference knows it; the id of one that was made here. */
  digest: string;
  /** `linux/arm64`, `linux/arm/v7` */
  platform: string;
  /** As whom its programs run unless told; empty is root. */
  user: string;
  /** What it says about HOME; null when nothing. */
  home: string | null;
  /** Whether it says how to tell that its program can be used. */
  hasHealthCheck: boolean;
  /** TCP ports it exposes, ascending. */
  ports: number[];
}

type OnPull = (progress: PullProgress) => void;

/** A pull on its way; it ends when nobody waits for it any more. */
interface Pull {
  done: Promise<void>;
  /** Of those who wait. */
  listeners: Set<OnPull>;
  /** What was told last. */
  progress: PullProgress;
  ending: AbortController;
  waiting: number;
}

/** By daemon and reference: stages that start together share one. */
const pulls = new WeakMap<Docker, Map<string, Pull>>();

/** What was found a moment ago, so that a run's stages do not ask for the same image each. */
const facts = new WeakMap<Docker, Map<string, { facts: ImageFacts; at: number }>>();
const FRESH_MS = 30_000;

/** The daemon says that the image is gone: it is looked for again. */
export function forgetImage(docker: Docker, wish: ImageWish): void {
  facts.get(docker)?.delete(keyOf(wish));
}

/**
 * Makes sure the daemon has the image, of the platform that is wanted. Throws `image-missing`, `image-platform` or
 * `image-pull-failed`, all before anything started.
 */
export async function ensureImage(
  docker: Docker,
  wish: ImageWish,
  signal?: AbortSignal,
  onPull?: OnPull,
): Promise<ImageFacts> {
  if (wish.pull === 'always') await pullOnce(docker, wish, signal, onPull);
  const known = facts.get(docker)?.get(keyOf(wish));
  if (known && wish.pull !== 'always' && Date.now() - known.at < FRESH_MS) return known.facts;
  const present = await inspectImage(docker, wish);
  if (present && isOfPlatform(present, wish)) return present;
  if (wish.pull === 'never') {
    if (present) throw describeOtherPlatform(wish, present);
    throw new FaultError({
      code: 'image-missing',
      message: `The image ${wish.ref} is not on the Docker host, and pull="never" forbids to fetch it`,
      fix: `docker pull ${wish.ref}`,
      retry: NO_RETRY,
    });
  }
  await pullOnce(docker, wish, signal, onPull);
  const pulled = await inspectImage(docker, wish);
  if (pulled === null) throw describePullFailure(wish.ref, 'the daemon does not have it after the pull');
  if (!isOfPlatform(pulled, wish)) throw describeOtherPlatform(wish, pulled);
  return pulled;
}

/** The daemon keeps one image a reference, but what is known is known of a platform. */
function keyOf({ ref, platform }: ImageWish): string {
  return platform ? `${ref} ${platform}` : ref;
}

async function inspectImage(docker: Docker, wish: ImageWish): Promise<ImageFacts | null> {
  try {
    const found = readFacts(await docker.getImage(wish.ref).inspect(), wish.ref);
    const known = facts.get(docker) ?? new Map<string, { facts: ImageFacts; at: number }>();
    if (isOfPlatform(found, wish)) facts.set(docker, known.set(keyOf(wish), { facts: found, at: Date.now() }));
    return found;
  } catch (error) {
    if (statusOf(error) === 404) return null;
    throw error;
  }
}

/** `linux/arm64` takes any variant of it. */
function isOfPlatform({ platform }: ImageFacts, wish: ImageWish): boolean {
  return !wish.platform || platform === wish.platform || platform.startsWith(`${wish.platform}/`);
}

function describeOtherPlatform({ ref, platform }: ImageWish, { platform: found }: ImageFacts): FaultError {
  return new FaultError({
    code: 'image-platform',
    message: `The image ${ref} is there for ${found} and not for ${platform}`,
    fix: 'use an image that is made for this platform, or another platform',
    retry: NO_RETRY,
  });
}

function readFacts(image: Docker.ImageInspectInfo, ref: string): ImageFacts {
  const { Config: config } = image;
  const test = config.Healthcheck?.Test;
  const ports = Object.keys(config.ExposedPorts ?? {}).flatMap((port) => /^(\d+)(?:\/tcp)?$/.exec(port)?.[1] ?? []);
  const variant = 'Variant' in image && typeof image.Variant === 'string' ? image.Variant : '';
  return {
    id: image.Id,
    digest: findDigest(ref, image.RepoDigests ?? []) ?? image.Id,
    platform: [image.Os, image.Architecture, variant].filter((part) => part !== '').join('/'),
    user: config.User,
    home: (config.Env ?? []).find((pair) => pair.startsWith('HOME='))?.slice('HOME='.length) ?? null,
    hasHealthCheck: test !== undefined && test.length > 0 && test[0] !== 'NONE',
    ports: ports.map(Number).toSorted((left, right) => left - right),
  };
}

/**
 * The same bytes may have come from several registries, and several digests of one (a list of platforms and its image):
 * what the reference itself names, else the first of its repository. Null without one.
 */
export function findDigest(ref: string, repoDigests: readonly string[]): string | null {
  const digests = repoDigests.flatMap((name) => {
    const [repository = '', digest = ''] = name.split('@');
    return isRepositoryOf(repository, ref) ? digest : [];
  });
  const named = ref.split('@')[1];
  return digests.find((digest) => digest === named) ?? digests.toSorted()[0] ?? null;
}

/** The daemon writes the names of Docker Hub in their short form, whichever one a file has. */
function isRepositoryOf(repository: string, ref: string): boolean {
  const [name = ''] = ref.split('@');
  const short = name.replace(/^(?:index\.)?docker\.io\//, '').replace(/^library\//, '');
  return short.replace(/:[^/]*$/, '') === repository;
}

async function pullOnce(
  docker: Docker,
  wish: ImageWish,
  signal: AbortSignal | undefined,
  onPull: OnPull = () => {},
): Promise<void> {
  const key = keyOf(wish);
  signal?.throwIfAborted();
  const running = pulls.get(docker) ?? new Map<string, Pull>();
  pulls.set(docker, running);
  const pull = running.get(key) ?? beginPull(docker, wish, running);
  pull.waiting++;
  pull.listeners.add(onPull);
  onPull(pull.progress);
  try {
    await orAbort(pull.done, signal);
  } finally {
    pull.listeners.delete(onPull);
    if (--pull.waiting === 0) {
      // Whoever comes now begins another one.
      if (running.get(key) === pull) running.delete(key);
      pull.ending.abort();
    }
  }
}

function beginPull(docker: Docker, wish: ImageWish, running: Map<string, Pull>): Pull {
  const ending = new AbortController();
  const tell: OnPull = (progress) => {
    pull.progress = progress;
    for (const listener of pull.listeners) listener(progress);
  };
  const pull: Pull = {
    ...{ listeners: new Set(), progress: { ref: wish.ref, done: 0, total: null }, ending, waiting: 0 },
    done: pullImage(docker, wish, ending.signal, (progress) => tell({ ref: wish.ref, ...progress })),
  };
  // Nobody may be left to hear how it ended.
  pull.done.catch(() => undefined);
  running.set(keyOf(wish), pull);
  return pull;
}

async function pullImage(
  docker: Docker,
  { ref, platform }: ImageWish,
  signal: AbortSignal,
  tell: (progress: Omit<PullProgress, 'ref'>) => void,
): Promise<void> {
  try {
    const [{ findRegistryLogin }, { countLayers }] = await Promise.all([
      import('./registry-login.ts'),
      import('./count-layers.ts'),
    ]);
    const authconfig = await findRegistryLogin(ref);
    const options = {
      abortSignal: signal,
      ...(authconfig === null ? {} : { authconfig }),
      ...(platform ? { platform } : {}),
    };
    const progress = await docker.pull(ref, options);
    await new Promise<void>((resolve, reject) => {
      const count = countLayers();
      docker.modem.followProgress(
        progress,
        (error: Error | null) => (error ? reject(error) : resolve()),
        (event: unknown) => {
          const counted = count(event);
          if (counted) tell(counted);
        },
      );
    });
  } catch (error) {
    if (isUnreachable(error)) throw error;
    const cause = explain(error);
    if (/no space left/i.test(cause)) {
      throw new FaultError({
        code: 'disk-full',
        message: `No space is left on the Docker host for ${ref}`,
        cause,
        fix: FREE_SPACE,
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
