import { setTimeout as delay } from 'node:timers/promises';
import { FaultError, NO_RETRY } from '#core/fault.ts';
import {
  type AttemptSpec,
  type Handle,
  NeverStartedError,
  type ServiceEnd,
  type ServiceRuntime,
  type ServiceSpec,
} from '../port.ts';
import type { FakeServiceBehaviour } from './behaviour.ts';

/** By attempt and name. Outlives the executors made over it, as {@link FakeRuntime} does. */
export interface FakeServices {
  behaviours: Map<string, FakeServiceBehaviour>;
  running: Map<string, FakeService>;
  /** `begin build-… db`, `remove build-…`: the ledger of tests. */
  writes: string[];
}

interface FakeService {
  spec: ServiceSpec;
  behaviour: FakeServiceBehaviour;
  checks: number;
  ended: Promise<ServiceEnd>;
  end: ServiceEnd | null;
  stop(code: number): void;
}

export function createFakeServices(): FakeServices {
  return { behaviours: new Map(), running: new Map(), writes: [] };
}

/** Services without any program: steerable, as the fake executor. */
export function fakeServices(world: FakeServices): ServiceRuntime {
  const keyOf = (attempt: Pick<Handle, 'name'>, service: string): string => `${attempt.name} ${service}`;

  function find(attempt: Pick<Handle, 'name'>, service: string): FakeService {
    const found = world.running.get(keyOf(attempt, service));
    if (found) return found;
    throw new FaultError({ code: 'service-missing', message: `There is no service ${service}`, retry: NO_RETRY });
  }

  function begin(spec: AttemptSpec, service: ServiceSpec): void {
    const behaviour = world.behaviours.get(service.name) ?? {};
    if (behaviour.startFault) throw new NeverStartedError(behaviour.startFault);
    const { promise, resolve } = Promise.withResolvers<ServiceEnd>();
    const fake: FakeService = {
      ...{ spec: service, behaviour, checks: 0, ended: promise, end: null },
      stop(code) {
        fake.end ??= { code, outOfMemory: false, endedAt: new Date().toISOString() };
        resolve(fake.end);
      },
    };
    world.running.set(keyOf(spec, service.name), fake);
    world.writes.push(`begin ${spec.stage} ${spec.attempt} ${service.name}`);
    if (behaviour.endsAfterMs === 0) fake.stop(behaviour.exitCode ?? 0);
    else if (behaviour.endsAfterMs !== undefined) {
      setTimeout(() => fake.stop(behaviour.exitCode ?? 0), behaviour.endsAfterMs).unref();
    }
  }

  return {
    async start(spec, signal) {
      signal?.throwIfAborted();
      for (const service of spec.services) {
        if (!world.running.has(keyOf(spec, service.name))) begin(spec, service);
      }
      const images = spec.services.map(({ name }) => [name, find(spec, name).behaviour.image]);
      return Object.fromEntries(images.filter(([, image]) => image !== undefined));
    },
    async check(attempt, service) {
      const fake = find(attempt, service.name);
      fake.checks++;
      if (fake.end !== null) return { kind: 'ended', end: fake.end };
      const isReady = service.ready.kind !== 'log' && fake.checks > (fake.behaviour.readyAfterChecks ?? 0);
      return { kind: 'running', isReady };
    },
    async follow(attempt, service, from, sink, signal) {
      const fake = find(attempt, service);
      const output = fake.behaviour.output ?? new Uint8Array(0);
      if (output.length > from) await sink.onBytes(output.subarray(from));
      signal.throwIfAborted();
      const aborted = delay(2_147_483_647, null, { signal, ref: false });
      const end = await Promise.race([fake.ended, aborted]);
      if (end === null) throw new Error('waited too long');
      return end;
    },
    async remove(attempt) {
      for (const [key, fake] of world.running) {
        if (!key.startsWith(`${attempt.name} `)) continue;
        fake.stop(137);
        world.running.delete(key);
        world.writes.push(`remove ${fake.spec.name}`);
      }
    },
  };
}
