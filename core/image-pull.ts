import type { Reason } from './attempt.ts';

/** Bytes of an image as they come in. */
export interface PullProgress {
  ref: string;
  done: number;
  /** Null while the registry has not told the size of every layer that is still to come. */
  total: number | null;
}

/** Code of the reason with which a stage waits for its image. */
export const IMAGE_PULL = 'image-pull';

const UNITS = [
  ['GB', 1e9],
  ['MB', 1e6],
  ['kB', 1e3],
  ['B', 1],
] as const;

/** `pulling image node:24, 41 of 120 MB`; without a total what has come so far. */
export function describePull({ ref, done, total }: PullProgress): Reason {
  const most = total ?? done;
  const [unit, size] = UNITS.find(([, one]) => most >= one * 10) ?? UNITS[3];
  const write = (bytes: number) => Math.floor(bytes / size);
  const amount =
    total === null ? (done === 0 ? '' : `, ${write(done)} ${unit}`) : `, ${write(done)} of ${write(total)} ${unit}`;
  return { code: IMAGE_PULL, message: `pulling image ${ref}${amount}`, values: { image: ref } };
}
