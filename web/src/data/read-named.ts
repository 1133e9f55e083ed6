import { problemOf } from '../ui/describe-failure.ts';
import { get } from './http.ts';

/** One object as a list of it alone; of one that is not there the list is empty. */
export async function readNamed<Item>(path: string, signal: AbortSignal): Promise<{ items: Item[] }> {
  try {
    return { items: [await get<Item>(path, {}, signal)] };
  } catch (thrown) {
    if (problemOf(thrown)?.status === 404) return { items: [] };
    throw thrown;
  }
}
