import { busyboxImage } from '#test/env/image-names.ts';

/** What every product of this kind knows: named jobs of shell commands that need each other, in containers of one image. */
export interface Graph {
  name: string;
  jobs: readonly Job[];
  /** Jobs that run side by side; null: as many as the product likes. */
  atOnce: number | null;
  /** `host`: as processes of this machine. */
  place: 'container' | 'host';
}

export interface Job {
  name: string;
  needs: readonly string[];
  commands: readonly string[];
}

export const IMAGE = busyboxImage;

/** One after the other. */
export const sequence = (name: string, commands: readonly (readonly string[])[]): Graph => ({
  ...{ name, atOnce: null, place: 'container' },
  jobs: commands.map((commands, index) => ({
    ...{ name: `s${index}`, commands },
    needs: index === 0 ? [] : [`s${index - 1}`],
  })),
});

/** Side by side, two at a time. */
export const wide = (name: string, width: number): Graph => ({
  ...{ name, atOnce: 2, place: 'container' },
  jobs: Array.from({ length: width }, (_, index) => ({
    name: `w${index}`,
    needs: [],
    commands: [`echo wide ${index}`],
  })),
});

/** One, many side by side, one: no-op jobs on this machine. */
export function diamond(name: string, jobs: number): Graph {
  const middle = Array.from({ length: jobs - 2 }, (_, index) => `m${index}`);
  const job = (name: string, needs: readonly string[]): Job => ({ name, needs, commands: ['true'] });
  return {
    ...{ name, atOnce: null, place: 'host' },
    jobs: [job('first', []), ...middle.map((name) => job(name, ['first'])), job('last', middle)],
  };
}
