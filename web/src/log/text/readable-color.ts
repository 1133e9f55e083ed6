/** Red, green, blue, 0 to 255. */
export type Rgb = readonly [number, number, number];

/** WCAG's least for text. */
const LEAST = 4.5;

/** Grounds of rows in each theme, plain and selected (tokens `--bg-base`, `--log-selected`). */
export const GROUNDS = {
  dark: [
    [0x0a, 0x0a, 0x0b],
    [0x14, 0x14, 0x1e],
  ],
  light: [
    [0xff, 0xff, 0xff],
    [0xf1, 0xf0, 0xfd],
  ],
} as const satisfies Record<string, readonly Rgb[]>;

/** The colour moved in lightness, as little as it takes, until it can be read on all grounds. Its hue stays. */
export function makeReadable(color: Rgb, grounds: readonly Rgb[]): Rgb {
  if (isReadable(color, grounds)) return color;
  const isDark = Math.max(...grounds.map(luminanceOf)) < 0.18;
  const end: Rgb = isDark ? [255, 255, 255] : [0, 0, 0];
  let [low, high] = [0, 1];
  for (let step = 0; step < 12; step++) {
    const middle = (low + high) / 2;
    if (isReadable(mix(color, end, middle), grounds)) high = middle;
    else low = middle;
  }
  return mix(color, end, high);
}

/** Black or white, whichever reads better: one of them always does. */
export function pickInk(ground: Rgb): Rgb {
  const [black, white]: [Rgb, Rgb] = [
    [0, 0, 0],
    [255, 255, 255],
  ];
  return contrastOf(black, ground) >= contrastOf(white, ground) ? black : white;
}

export function contrastOf(one: Rgb, other: Rgb): number {
  const [dark, light] = [luminanceOf(one), luminanceOf(other)].toSorted((left, right) => left - right);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

function isReadable(color: Rgb, grounds: readonly Rgb[]): boolean {
  return grounds.every((ground) => contrastOf(color, ground) >= LEAST);
}

function luminanceOf([red, green, blue]: Rgb): number {
  const linear = (value: number) =>
    value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4;
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
}

function mix(from: Rgb, to: Rgb, share: number): Rgb {
  const channel = (index: 0 | 1 | 2) => Math.round(from[index] + (to[index] - from[index]) * share);
  return [channel(0), channel(1), channel(2)];
}
