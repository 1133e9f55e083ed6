import { setTimeout as delay } from 'node:timers/promises';
import type { Reason } from '#core/attempt.ts';
import { formatDuration } from '#core/duration.ts';
import { faultOf } from '#core/fault.ts';
import type { ServiceEnd, ServiceImages, ServiceRuntime, ServiceSpec } from '../executor/port.ts';
import type { ServiceLog } from './service-log.ts';

/** Between two looks at a service that is not ready, at first and in the end. */
const POLL_MS = { first: 50, last: 500 };
/** A log that its reader has not finished this long after the service's end is taken as it is. */
const DRAIN_MS = 2_000;
const FOLLOW_AGAIN_MS = 500;

/** The services of one attempt over the time this worker drives it. */
export interface StageServices {
  /** Brings them up and waits until all are ready; answers why the stage cannot start. Rejects with faults, and as `signal` says. */
  begin(signal: AbortSignal): Promise<ServiceFailure | null>;
  /** Of those that this worker brought up; of others nothing is known. */
  images(): ServiceImages;
  /** Looks after those that are there: an earlier delivery brought them up. */
  attach(): void;
  /** Calls back once, with the first that ends. */
  onEnded(listener: (failure: ServiceFailure) => void): void;
  /** The first that had ended by then (ISO). */
  findEnded(before: string): Promise<ServiceFailure | null>;
  /** The failure with what the service printed last; the attempt is over with it. */
  explain(failure: ServiceFailure): Promise<Reason>;
  /** The attempt is over: so are the logs. */
  end(): Promise<void>;
  /** Lets go of them; another worker goes on. */
  release(): Promise<void>;
  /** Removes them; what comes next in their logs is of others. */
  reset(): Promise<void>;
  /** Removes them. */
  remove(): Promise<void>;
}

export interface ServiceFailure {
  code: 'service-ended' | 'service-not-ready';
  service: string;
  message: string;
  exit: number | null;
}

export interface ServicesOptions {
  runtime: ServiceRuntime;
  attempt: Parameters<ServiceRuntime['start']>[0];
  openLog(service: ServiceSpec): ServiceLog;
  /** Something went wrong that the attempt survives. */
  report(error: unknown, what: string): void;
}

/** Services are followed from their begin to the attempt's end: their output is kept, and their end is seen. */
export function openStageServices({ runtime, attempt, openLog, report }: ServicesOptions): StageServices {
  const { services } = attempt;
  const closing = new AbortController();
  const watched = new Map<string, { log: ServiceLog; done: Promise<void> }>();
  const listeners: ((failure: ServiceFailure) => void)[] = [];
  let firstEnd: ServiceFailure | null = null;
  let hasBegun = false;
  let images: ServiceImages = {};

  function watch(): void {
    for (const service of services) {
      if (watched.has(service.name)) continue;
      const log = openLog(service);
      watched.set(service.name, { log, done: follow(service, log) });
    }
  }

  /** Until it ends or the attempt does; outages of the runtime are sat out, since the attempt's own driver gives up. */
  async function follow(service: ServiceSpec, log: ServiceLog): Promise<void> {
    while (!closing.signal.aborted) {
      try {
        const from = await log.open();
        const end = await runtime.follow(attempt, service.name, from, log.sink, closing.signal);
        firstEnd ??= describeEnd(service, end, hasBegun);
        for (const listener of listeners.splice(0)) listener(firstEnd);
        return;
      } catch (error) {
        if (closing.signal.aborted) return;
        if (faultOf(error)?.retry.kind !== 'yes') return report(error, `follow the service ${service.name}`);
        await delay(FOLLOW_AGAIN_MS, undefined, { signal: closing.signal }).catch(() => undefined);
      }
    }
  }

  async function awaitReady(service: ServiceSpec, signal: AbortSignal): Promise<ServiceFailure | null> {
    const { timeoutMs } = service.ready;
    const deadline = performance.now() + timeoutMs;
    for (let wait = POLL_MS.first; ; wait = Math.min(wait * 2, POLL_MS.last)) {
      const state = await runtime.check(attempt, service);
      if (state.kind === 'ended') return describeEnd(service, state.end, false);
      if (state.isReady || (service.ready.kind === 'log' && watched.get(service.name)?.log.isMatched())) return null;
      if (performance.now() > deadline) return describeNotReady(service);
      await delay(wait, undefined, { signal });
    }
  }

  let closed: Promise<void> | null = null;

  /** Once: what comes later finds it done. */
  function close(act: (log: ServiceLog) => Promise<void>): Promise<void> {
    closed ??= (async () => {
      closing.abort();
      await Promise.all([...watched.values()].map(({ done }) => done));
      const acts = await Promise.allSettled([...watched.values()].map(({ log }) => act(log)));
      for (const each of acts) if (each.status === 'rejected') report(each.reason, 'close the log of a service');
    })();
    return closed;
  }

  const end = () => close((log) => log.end());

  return {
    async begin(signal) {
      images = await runtime.start(attempt, signal);
      watch();
      const first = new AbortController();
      const either = AbortSignal.any([signal, first.signal]);
      const waiting = services.map(async (service) => {
        const failure = await awaitReady(service, either);
        if (failure) throw new NotReadyError(failure);
      });
      const outcomes = await Promise.allSettled(
        waiting.map((each) =>
          each.catch((error: unknown) => {
            first.abort();
            throw error;
          }),
        ),
      );
      signal.throwIfAborted();
      const errors = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as unknown] : []));
      const failed = errors.find((error) => error instanceof NotReadyError);
      if (failed) return failed.failure;
      const fault = errors.find((error) => !(error instanceof Error && error.name === 'AbortError'));
      if (fault !== undefined) throw fault;
      hasBegun = true;
      return null;
    },
    images: () => images,
    attach() {
      hasBegun = true;
      watch();
    },
    onEnded(listener) {
      if (firstEnd) listener(firstEnd);
      else listeners.push(listener);
    },
    async findEnded(before) {
      for (const service of services) {
        const state = await runtime.check(attempt, service);
        if (state.kind === 'ended' && state.end.endedAt <= before) return describeEnd(service, state.end, true);
      }
      return null;
    },
    async explain({ code, service, message, exit }) {
      const found = watched.get(service);
      // A service that has ended has printed all it will; one that runs is taken as it stands.
      if (found && exit !== null) await Promise.race([found.done, delay(DRAIN_MS, undefined, { ref: false })]);
      await end();
      const lines = (await found?.log.readLast()) ?? '';
      const values = {
        service,
        ...(exit === null ? {} : { exit: String(exit) }),
        ...(lines === '' ? {} : { log: lines }),
      };
      return { code, message, values };
    },
    end,
    release: () => close((log) => log.release()),
    async reset() {
      await close((log) => log.releaseForReset());
      await runtime.remove(attempt);
    },
    remove: () => runtime.remove(attempt),
  };
}

class NotReadyError extends Error {
  readonly failure: ServiceFailure;
  constructor(failure: ServiceFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

function describeEnd({ name }: ServiceSpec, end: ServiceEnd, hasBegun: boolean): ServiceFailure {
  const when = hasBegun ? 'while the stage ran' : 'before it was ready';
  const how = end.outOfMemory ? 'ran out of memory' : `ended with exit ${end.code}`;
  return { code: 'service-ended', service: name, message: `the service "${name}" ${how} ${when}`, exit: end.code };
}

function describeNotReady({ name, ready }: ServiceSpec): ServiceFailure {
  const limit = formatDuration(ready.timeoutMs);
  const message = `the service "${name}" was not ready after ${limit}: ${describeCheck(ready)}`;
  return { code: 'service-not-ready', service: name, message, exit: null };
}

function describeCheck(ready: ServiceSpec['ready']): string {
  switch (ready.kind) {
    case 'tcp':
      return `its port ${ready.port} took no connection`;
    case 'http':
      return `port ${ready.port} did not answer GET ${ready.path} with 2xx`;
    case 'exec':
      return `${ready.command.join(' ')} did not end with 0 in it`;
    case 'log':
      return `it printed nothing that matches ${ready.pattern}`;
    case 'image':
      return 'neither the health check nor the exposed port of its image said so';
    default:
      return ready satisfies never;
  }
}
