/** Variables as a text of lines, `NAME=value`, sorted by name: what is edited and compared. */
export function writeLines(variables: Readonly<Record<string, string>>): string {
  const names = Object.keys(variables).toSorted();
  return names.map((name) => `${name}=${escape(variables[name] ?? '')}`).join('\n');
}

export interface ReadVariables {
  variables: Record<string, string>;
  /** What is wrong, by line from 1. */
  problems: { line: number; message: string }[];
}

/** Reads them back; empty lines are none. What is wrong is said for each line, and the server says it again. */
export function readLines(text: string): ReadVariables {
  const found = new Map<string, string>();
  const problems: ReadVariables['problems'] = [];
  for (const [index, written] of text.split('\n').entries()) {
    if (written.trim() === '') continue;
    const wrong = (message: string) => problems.push({ line: index + 1, message });
    const at = written.indexOf('=');
    const name = written.slice(0, Math.max(0, at)).trim();
    if (at === -1) wrong('there is no = in it');
    else if (!/^[A-Za-z_][A-Za-z0-9_]{0,99}$/.test(name)) wrong(`"${name}" is no name: letters, digits and _`);
    else if (/^BUILDIT(?:_|$)/.test(name)) wrong(`${name} is one of BuildIt’s own names`);
    else if (found.has(name)) wrong(`${name} is there twice`);
    else found.set(name, unescape(written.slice(at + 1)));
  }
  return { variables: Object.fromEntries(found), problems };
}

const SIGNS: Readonly<Record<string, string>> = { n: '\n', r: '\r', '\\': '\\' };

/** A value of several lines stands on one: a line break as `\n`, a backslash as two. */
function escape(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
}

function unescape(written: string): string {
  return written.replaceAll(/\\([\\nr])/g, (_, sign: string) => SIGNS[sign] ?? sign);
}
