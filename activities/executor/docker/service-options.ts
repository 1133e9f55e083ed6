import type Docker from 'dockerode';
import type { AttemptSpec, ServiceSpec } from '../port.ts';
import { CAPABILITIES, ENGINE_LOG } from './container-options.ts';
import { labelImage } from './image-label.ts';
import type { ImageFacts } from './image.ts';
import {
  ATTEMPT_LABEL,
  attemptNetworkName,
  INSTANCE_LABEL,
  probeName,
  RUN_LABEL,
  serviceContainerName,
  STAGE_LABEL,
} from './names.ts';

/** How often an image's own health check looks: theirs is made for years of running, a stage waits for it. */
const HEALTH_INTERVAL_NS = 1_000_000_000;

/** What carries an attempt's name beside its own container. */
export function labelsOf(spec: Pick<AttemptSpec, 'name' | 'runId' | 'stage'>, instance: string) {
  return {
    [INSTANCE_LABEL]: instance,
    [RUN_LABEL]: spec.runId,
    [STAGE_LABEL]: spec.stage,
    [ATTEMPT_LABEL]: spec.name,
  };
}

/** A service as structured values, with what stages may do and no more. */
export function describeService(
  spec: AttemptSpec,
  service: ServiceSpec,
  facts: ImageFacts,
  instance: string,
): Docker.ContainerCreateOptions {
  const usesHealth = service.ready.kind === 'image' && facts.hasHealthCheck;
  return {
    name: serviceContainerName(spec.name, service.name),
    Image: service.image.ref,
    ...(service.command === null ? {} : { Cmd: [...service.command] }),
    Env: Object.entries(service.env).map(([name, value]) => `${name}=${value}`),
    Hostname: service.name,
    Healthcheck: usesHealth ? { Interval: HEALTH_INTERVAL_NS } : { Test: ['NONE'] },
    Labels: { ...labelsOf(spec, instance), ...labelImage(facts) },
    HostConfig: {
      Init: true,
      NetworkMode: attemptNetworkName(spec.name),
      LogConfig: ENGINE_LOG,
      CapDrop: ['ALL'],
      CapAdd: CAPABILITIES,
      SecurityOpt: ['no-new-privileges'],
    },
    NetworkingConfig: { EndpointsConfig: { [attemptNetworkName(spec.name)]: { Aliases: [service.name] } } },
  };
}

/** The container of ours from which ports are tried: the worker need not reach the network. */
export function describeProbe(spec: AttemptSpec, image: string, instance: string): Docker.ContainerCreateOptions {
  return {
    name: probeName(spec.name),
    Image: image,
    Cmd: ['sleep', '2147483647'],
    Labels: labelsOf(spec, instance),
    HostConfig: {
      Init: true,
      NetworkMode: attemptNetworkName(spec.name),
      LogConfig: { Type: 'none', Config: {} },
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
    },
  };
}
