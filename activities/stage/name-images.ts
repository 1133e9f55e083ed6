import type { Handle, ServiceImages } from '../executor/port.ts';
import type { AttemptImages } from '../record/port.ts';
import type { StageServices } from './services.ts';

/** What is known of an attempt's images by now; nothing is said of what is not. */
export function nameImages(handle: Pick<Handle, 'image'> | null, services: StageServices | null): AttemptImages {
  const beside: ServiceImages = services?.images() ?? {};
  return {
    ...(handle?.image ? { image: handle.image } : {}),
    ...(Object.keys(beside).length > 0 ? { serviceImages: beside } : {}),
  };
}
