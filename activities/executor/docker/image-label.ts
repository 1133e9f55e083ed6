import type Docker from 'dockerode';
import type { ImageFacts } from './image.ts';
import { IMAGE_LABEL } from './names.ts';

/** On a container: what the reference of its image means as it is made, for whoever finds it later. */
export function labelImage({ id, digest }: Pick<ImageFacts, 'id' | 'digest'>): Record<string, string> {
  return { [IMAGE_LABEL]: `${id} ${digest}` };
}

/** The name that the image was asked for by may have come to mean another one before the container was made. */
export function readImage({ Image: id, Config: { Labels: labels } }: Docker.ContainerInspectInfo): string {
  const [known, digest] = (labels[IMAGE_LABEL] ?? '').split(' ');
  return known === id && digest ? digest : id;
}
