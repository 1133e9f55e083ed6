import type { ChildMessage } from '#core/engine-file.ts';

type Shapes = { [K in ChildMessage['kind']]: (value: Record<string, unknown>) => boolean };

const SHAPES: Shapes = {
  ready: (value) => typeof value['address'] === 'string',
  stages: (value) => typeof value['count'] === 'number',
  clients: (value) =>
    typeof value['count'] === 'number' && (value['port'] === null || typeof value['port'] === 'string'),
  fatal: (value) => typeof value['code'] === 'string' && typeof value['message'] === 'string',
};

/** A message of the worker or the API, or null for anything else that came over the channel. */
export function parseChildMessage(value: unknown): ChildMessage | null {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return null;
  const shape = Object.entries(SHAPES).find(([kind]) => kind === value.kind)?.[1];
  return shape?.(value as Record<string, unknown>) ? (value as ChildMessage) : null;
}
