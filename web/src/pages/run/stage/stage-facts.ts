import type { CacheUse } from '#core/cache.ts';
import { formatDuration } from '#core/duration.ts';
import type { StagePlan } from '#core/plan.ts';
import { formatBytes } from '../../../ui/format-bytes.ts';

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

/** `hit, 18.2 MB, 41.0s saved` */
export function describeCache({ found, entry, savedMs }: CacheUse): string {
  const word = { key: 'hit', prefix: 'an older entry', nothing: 'miss' }[found];
  const saved = savedMs !== null && savedMs > 0 ? `${formatDuration(savedMs)} saved` : '';
  return [word, entry ? formatBytes(entry.bytes) : '', saved].filter(Boolean).join(', ');
}

const SIZES = [
  ['TiB', 2 ** 40],
  ['GiB', 2 ** 30],
  ['MiB', 2 ** 20],
  ['KiB', 2 ** 10],
] as const;

/** As files write it: `1GiB`. */
export function writeSize(bytes: number): string {
  const [unit, size] = SIZES.find(([, one]) => bytes >= one) ?? ['B', 1];
  return `${Number((bytes / size).toFixed(2))}${unit}`;
}
