import type Docker from 'dockerode';
import { FaultError, NO_RETRY } from '#core/fault.ts';
import {
  type AttemptSpec,
  NeverStartedError,
  type ServiceEnd,
  type ServiceImages,
  type ServiceRuntime,
  type ServiceSpec,
  type ServiceState,
} from '../port.ts';
import { explain, isAbort, statusOf, toDaemonFault } from './daemon-fault.ts';
import { execCode } from './exec-code.ts';
import type { DockerSettings } from './executor.ts';
import { readImage } from './image-label.ts';
import { ensureImage } from './image.ts';
import { ATTEMPT_LABEL, attemptNetworkName, INSTANCE_LABEL, probeName, serviceContainerName } from './names.ts';
import { orAbort } from './or-abort.ts';
import { pumpOutput, readStoredLog } from './output-stream.ts';
import { describeProbe, describeService, labelsOf } from './service-options.ts';

/** A program asked whether a service is ready. */
const EXEC_MS = 5_000;
/** Ends with 0 when `GET $3` of host `$1`, port `$2` is answered with 2xx; not every small image's wget can be relied on. */
const GET = [
  String.raw`printf 'GET %s HTTP/1.0\r\nHost: %s\r\nUser-Agent: buildit\r\n\r\n' "$3" "$1:$2"`,
  'nc -w 1 "$1" "$2" | head -n 1 | grep -q \'^HTTP/[0-9.]* 2[0-9][0-9]\'',
].join(' | ');
const RETRY_SOON = { kind: 'yes', afterMs: 1_000 } as const;

/** Services as containers on a user-defined network of the attempt, where Docker answers for their names. */
export function dockerServices(settings: DockerSettings): ServiceRuntime {
  const { docker, endpoint, instance } = settings;

  async function call<Result>(what: string, work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof NeverStartedError || isAbort(error)) throw error;
      throw toDaemonFault(error, endpoint, what);
    }
  }

  async function ensureNetwork(spec: AttemptSpec): Promise<void> {
    const create = () =>
      docker.createNetwork({
        Name: attemptNetworkName(spec.name),
        CheckDuplicate: true,
        Driver: 'bridge',
        Labels: labelsOf(spec, instance),
      });
    try {
      await create();
    } catch (error) {
      if (statusOf(error) === 409) return;
      throw /address pool|predefined address/i.test(explain(error)) ? describeNoAddresses(explain(error)) : error;
    }
  }

  /** Creates it unless its name is taken, and starts it unless it was started before. Answers the digest of its image. */
  async function bringUp(
    name: string,
    describe: () => Promise<Docker.ContainerCreateOptions>,
    signal: AbortSignal | undefined,
  ): Promise<string> {
    const container = docker.getContainer(name);
    // One that is there needs no image: the registry may be away by now.
    if ((await findContainer(container)) === null) await ignoring([409], docker.createContainer(await describe()));
    signal?.throwIfAborted();
    const made = await container.inspect();
    // What has ended is told by `check`: it is not begun a second time.
    if (made.State.Status === 'created') await ignoring([304], container.start());
    return readImage(made);
  }

  async function startService(
    spec: AttemptSpec,
    service: ServiceSpec,
    signal: AbortSignal | undefined,
  ): Promise<[name: string, image: string]> {
    const describe = async () =>
      describeService(spec, service, await ensureImage(docker, service.image, signal, spec.onPull), instance);
    try {
      return [service.name, await bringUp(serviceContainerName(spec.name, service.name), describe, signal)];
    } catch (error) {
      if (isAbort(error) || statusOf(error) !== 400) throw error;
      throw describeRefused(service, explain(error));
    }
  }

  async function startProbe(spec: AttemptSpec, signal: AbortSignal | undefined): Promise<void> {
    const describe = async () => {
      await ensureImage(docker, { ref: settings.image, pull: 'missing' }, signal);
      return describeProbe(spec, settings.image, instance);
    };
    await bringUp(probeName(spec.name), describe, signal);
  }

  async function isReady(attempt: string, service: ServiceSpec, info: Docker.ContainerInspectInfo): Promise<boolean> {
    const { ready } = service;
    const connect = async (port: number) =>
      (await probe(attempt, ['nc', '-w', '1', service.name, String(port), '-e', 'true'])) === 0;
    switch (ready.kind) {
      case 'tcp':
        return connect(ready.port);
      case 'http':
        return (await probe(attempt, ['sh', '-c', GET, 'sh', service.name, String(ready.port), ready.path])) === 0;
      case 'exec':
        return (await execCode(docker.getContainer(info.Id), ready.command, EXEC_MS)) === 0;
      case 'log':
        return false;
      case 'image': {
        const facts = await ensureImage(docker, { ...service.image, pull: 'never' });
        if (facts.hasHealthCheck) return info.State.Health?.Status === 'healthy';
        const [port] = facts.ports;
        return port === undefined || connect(port);
      }
      default:
        return ready satisfies never;
    }
  }

  const probe = (attempt: string, command: readonly string[]) =>
    execCode(docker.getContainer(probeName(attempt)), command, EXEC_MS);

  return {
    start: (spec, signal) =>
      call('start the services', async (): Promise<ServiceImages> => {
        try {
          signal?.throwIfAborted();
          await orAbort(ensureNetwork(spec), signal);
          const starting = spec.services.map((each) => startService(spec, each, signal));
          const probing = startProbe(spec, signal);
          // All of them first: none may still be on its way when somebody removes the attempt.
          await Promise.allSettled([...starting, probing]);
          await probing;
          return Object.fromEntries(await Promise.all(starting));
        } catch (error) {
          if (isAbort(error)) throw error;
          throw new NeverStartedError(toDaemonFault(error, endpoint, 'start the services').fault);
        }
      }),
    check: (attempt, service) =>
      call('look at a service', async (): Promise<ServiceState> => {
        const info = await docker.getContainer(serviceContainerName(attempt.name, service.name)).inspect();
        const { Status: status } = info.State;
        if (status === 'exited' || status === 'dead') return { kind: 'ended', end: readEnd(info) };
        return { kind: 'running', isReady: await isReady(attempt.name, service, info) };
      }),
    follow: (attempt, service, from, sink, signal) =>
      call('read the output of a service', async () => {
        const container = docker.getContainer(serviceContainerName(attempt.name, service));
        // Ours would begin with a mark: here nothing tells a beginning that was thrown away from another one.
        await pumpOutput({ ...(await readStoredLog(container)), isStored: false }, from, sink, signal);
        await orAbort(container.wait(), signal);
        return readEnd(await container.inspect());
      }),
    remove: (attempt) =>
      call('remove the services', async () => {
        const label = [`${INSTANCE_LABEL}=${instance}`, `${ATTEMPT_LABEL}=${attempt.name}`];
        const containers = await docker.listContainers({ all: true, filters: { label } });
        await Promise.all(
          containers.map(({ Id: id }) =>
            ignoring([404, 409], docker.getContainer(id).remove({ force: true, v: true })),
          ),
        );
        const networks = await docker.listNetworks({ filters: { label } });
        await Promise.all(networks.map(({ Id: id }) => ignoring([404], docker.getNetwork(id).remove())));
      }),
  };
}

/** Null when it is not there. */
async function findContainer(container: Docker.Container): Promise<Docker.ContainerInspectInfo | null> {
  try {
    return await container.inspect();
  } catch (error) {
    if (statusOf(error) === 404) return null;
    throw error;
  }
}

function readEnd({ State: state }: Docker.ContainerInspectInfo): ServiceEnd {
  return {
    code: state.ExitCode,
    outOfMemory: state.OOMKilled,
    endedAt: new Date(state.FinishedAt).toISOString(),
  };
}

/** A daemon has some 30 networks to give unless it is told otherwise; runs that end give theirs back. */
function describeNoAddresses(cause: string): FaultError {
  return new FaultError({
    code: 'network-exhausted',
    message: 'Docker has no address range left for the network of this stage',
    cause,
    fix: 'remove networks that nobody uses (docker network prune), or give the daemon more default-address-pools',
    retry: RETRY_SOON,
  });
}

function describeRefused(service: ServiceSpec, cause: string): FaultError {
  return new FaultError({
    code: 'service-refused',
    message: `Docker would not start the service "${service.name}"`,
    cause,
    fix: 'check its image and its command',
    retry: NO_RETRY,
  });
}

async function ignoring(statuses: readonly number[], work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!statuses.includes(statusOf(error) ?? 0)) throw error;
  }
}
