import * as z from 'zod';

const LayerEvent = z.object({
  id: z.string(),
  status: z.string(),
  progressDetail: z.object({ current: z.number().optional(), total: z.number().optional() }).optional(),
});

interface Layer {
  done: number;
  /** Null until the registry has told it. */
  total: number | null;
  isOver: boolean;
}

/**
 * Adds up what the daemon tells of the layers of a pull. A layer that is there already counts nothing; one that is over
 * before its size was told counts what was seen of it. The total is null while the size of a layer that is still to come
 * is not known: it is never guessed.
 */
export function countLayers(): (event: unknown) => { done: number; total: number | null } | null {
  const layers = new Map<string, Layer>();
  return (event) => {
    const parsed = LayerEvent.safeParse(event);
    if (!parsed.success) return null;
    const { id, status, progressDetail } = parsed.data;
    const layer = layers.get(id) ?? { done: 0, total: null, isOver: false };
    switch (status) {
      case 'Pulling fs layer':
      case 'Waiting':
        layers.set(id, layer);
        break;
      case 'Downloading':
        layers.set(id, {
          done: progressDetail?.current ?? layer.done,
          total: progressDetail?.total ?? layer.total,
          isOver: false,
        });
        break;
      case 'Download complete':
        layers.set(id, { done: layer.total ?? layer.done, total: layer.total ?? layer.done, isOver: true });
        break;
      default:
        // Verifying, unpacking and the lines about the whole image move no byte.
        return null;
    }
    const all = [...layers.values()];
    const isKnown = all.every(({ total, isOver }) => isOver || total !== null);
    return {
      done: all.reduce((sum, { done }) => sum + done, 0),
      total: isKnown ? all.reduce((sum, { total }) => sum + (total ?? 0), 0) : null,
    };
  };
}
