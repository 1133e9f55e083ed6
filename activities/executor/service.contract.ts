import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { AttemptSpec, Executor, ExecutorHost, RunSource, ServiceRuntime, ServiceSpec } from './port.ts';
import { createSpec } from './testing/attempt-spec.ts';

export interface ServiceSubject {
  openWorker(): { executor: Executor; host: ExecutorHost };
  image: NonNullable<AttemptSpec['image']>;
  /** Of the image. */
  imageDigest(): Promise<string>;
  source: RunSource;
  /** A service that prints `up` and stays; with `endsWith` it ends so, a moment later. */
  describeService(name: string, endsWith?: number): Omit<ServiceSpec, 'name' | 'image'>;
  dispose(): Promise<void>;
}

/** What every executor keeps that lets services stand beside a stage. */
export function testServices(name: string, openSubject: () => Promise<ServiceSubject>): void {
  describe(`services on ${name}`, () => {
    let subject: ServiceSubject;
    const runId = randomUUID();
    beforeAll(async () => {
      subject = await openSubject();
      await subject.openWorker().host.openRun({ runId, source: subject.source, attempts: [] });
    });
    afterAll(async () => {
      await subject.openWorker().host.closeRun(runId);
      await subject.dispose();
    });

    function openAttempt(stage: string, services: Omit<ServiceSpec, 'image'>[]) {
      const { executor, host } = subject.openWorker();
      const beside = services.map((service) => ({ ...service, image: subject.image }));
      const { source, image } = subject;
      const spec = createSpec(['true'], { runId, stage, source, image, services: beside });
      return { executor, host, spec, runtime: requireServices(executor) };
    }

    async function readOutput(runtime: ServiceRuntime, spec: AttemptSpec, service: string, from = 0) {
      const chunks: Uint8Array[] = [];
      const sink = {
        onBytes: async (bytes: Uint8Array) => void chunks.push(Buffer.from(bytes)),
        onGap: () => Promise.reject(new Error('a gap')),
      };
      const end = await runtime.follow(spec, service, from, sink, new AbortController().signal);
      return { end, text: Buffer.concat(chunks).toString() };
    }

    const checkOf = (runtime: ServiceRuntime, spec: AttemptSpec) => () =>
      runtime.check(spec, spec.services[0] ?? fail());

    it('brings a service up once, however often it is asked and by whom', async () => {
      const { runtime, spec } = openAttempt('once', [{ name: 'db', ...subject.describeService('db') }]);
      await runtime.start(spec);
      await vi.waitUntil(async () => {
        const state = await checkOf(runtime, spec)();
        return state.kind === 'running' && state.isReady;
      }, 60_000);
      const other = requireServices(subject.openWorker().executor);
      await other.start(spec);
      expect(await checkOf(other, spec)()).toEqual({ kind: 'running', isReady: true });
      await runtime.remove(spec);
    });

    it('says which images they run in, also to who finds them there, running or ended', async () => {
      const services = [
        { name: 'db', ...subject.describeService('db') },
        { name: 'brief', ...subject.describeService('brief', 0) },
      ];
      const { runtime, spec } = openAttempt('images', services);
      const digest = await subject.imageDigest();
      const images = { db: digest, brief: digest };
      expect(await runtime.start(spec)).toEqual(images);
      await readOutput(runtime, spec, 'brief');
      expect(await requireServices(subject.openWorker().executor).start(spec)).toEqual(images);
      await runtime.remove(spec);
    });

    it('hands on its output and how it ended, to whoever asks, from any place', async () => {
      const { runtime, spec } = openAttempt('ends', [{ name: 'db', ...subject.describeService('db', 3) }]);
      await runtime.start(spec);
      expect(await readOutput(runtime, spec, 'db')).toMatchObject({
        text: 'up\n',
        end: { code: 3, outOfMemory: false },
      });
      const other = requireServices(subject.openWorker().executor);
      expect((await readOutput(other, spec, 'db', 1)).text).toBe('p\n');
      expect(await checkOf(other, spec)()).toMatchObject({ kind: 'ended', end: { code: 3 } });
      // What has ended is not begun again.
      await other.start(spec);
      expect(await checkOf(other, spec)()).toMatchObject({ kind: 'ended', end: { code: 3 } });
      await runtime.remove(spec);
    });

    it('lets go of the output when it is told to; the service stays', async () => {
      const { runtime, spec } = openAttempt('leave', [{ name: 'db', ...subject.describeService('db') }]);
      await runtime.start(spec);
      const leaving = new AbortController();
      const sink = { onBytes: async () => leaving.abort(), onGap: async () => undefined };
      await expect(runtime.follow(spec, 'db', 0, sink, leaving.signal)).rejects.toMatchObject({ name: 'AbortError' });
      expect(await checkOf(runtime, spec)()).toMatchObject({ kind: 'running' });
      await runtime.remove(spec);
    });

    it('removes all of them, also twice, and begins anew under the same names then', async () => {
      const services = ['a', 'b'].map((each) => ({ name: each, ...subject.describeService(each) }));
      const { runtime, spec } = openAttempt('remove', services);
      await runtime.start(spec);
      await runtime.remove(spec);
      await runtime.remove(spec);
      await expect(checkOf(runtime, spec)()).rejects.toBeInstanceOf(Error);
      await runtime.start(spec);
      expect(await checkOf(runtime, spec)()).toMatchObject({ kind: 'running' });
      await runtime.remove(spec);
    });

    it('begins nothing once it was told to give up', async () => {
      const { runtime, spec } = openAttempt('given-up', [{ name: 'db', ...subject.describeService('db') }]);
      await expect(runtime.start(spec, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
      await expect(checkOf(runtime, spec)()).rejects.toBeInstanceOf(Error);
    });
  });
}

function requireServices({ services }: Executor): ServiceRuntime {
  return services ?? expect.fail('the executor has no services');
}

function fail(): never {
  throw new Error('the attempt has no service');
}
