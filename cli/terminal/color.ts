/** Styles of everything the command prints; a theme is a table, so a test sees words. */
export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan' | 'gray';

export type Paint = (style: Style, text: string) => string;

const CODES: Readonly<Record<Style, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  magenta: [35, 39],
  cyan: [36, 39],
  gray: [90, 39],
};

export function choosePaint(hasColor: boolean): Paint {
  if (!hasColor) return (_style, text) => text;
  return (style, text) => {
    const [open, close] = CODES[style];
    return text === '' ? '' : `\u001b[${open}m${text}\u001b[${close}m`;
  };
}

/**
 * Whether a stream gets colours: `--color`, then FORCE_COLOR, then a non-empty NO_COLOR,
 * then whether it is a terminal (UI §8, Mode).
 */
export function hasColor(
  choice: string,
  environment: Readonly<Record<string, string | undefined>>,
  isTty: boolean,
): boolean {
  if (choice === 'always') return true;
  if (choice === 'never') return false;
  const forced = environment['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  if ((environment['NO_COLOR'] ?? '') !== '') return false;
  return isTty && environment['TERM'] !== 'dumb';
}
