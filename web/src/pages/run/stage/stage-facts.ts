import { formatDuration } from '#core/duration.ts';
import type { StagePlan } from '#core/plan.ts';

/** The image as the file has it; null for a process of the machine. */
export function describeImage({ image }: Pick<StagePlan, 'image'>): string | null {
  if (image === null) return null;
  if (typeof image.ref === 'string') return image.ref;
  return image.ref.parts.map((part) => (typeof part === 'string' ? part : `\${${part.ref}}`)).join('');
}

/** `2 CPUs, 1GiB, 30m 00s`: what the file limits. */
export function describeLimits({ resources, timeoutMs }: Pick<StagePlan, 'resources' | 'timeoutMs'>): string {
  const { cpu, memory, pids, disk } = resources;
  const parts = [
    cpu === null ? null : `${cpu} ${cpu === 1 ? 'CPU' : 'CPUs'}`,
    memory === null ? null : `${writeSize(memory)} memory`,
    disk === null ? null : `${writeSize(disk)} disk`,
    pids === null ? null : `${pids} processes`,
    timeoutMs === null ? null : formatDuration(timeoutMs),
  ];
  return parts.filter((part) => part !== null).join(', ');
}

const SIZES = [
  ['TiB', 2 ** 40],
  ['GiB', 2 ** 30],
  ['MiB', 2 ** 20],
  ['KiB', 2 ** 10],
] as const;

/** As files write it: `1GiB`. */
function writeSize(bytes: number): string {
  const [unit, size] = SIZES.find(([, one]) => bytes >= one) ?? ['B', 1];
  return `${Number((bytes / size).toFixed(2))}${unit}`;
}
