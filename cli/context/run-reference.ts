import { EXIT } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';

/** What a person wrote for a run. */
export type RunReference =
  /** An id, `shop-api#142.2`: complete by itself. */
  | { kind: 'whole'; reference: string }
  /** `local/17`: of this machine's engine. */
  | { kind: 'local'; reference: string }
  /** `142`, `142.2`: of the pipeline of the folder. */
  | { kind: 'number'; number: string }
  | { kind: 'last' }
  /** A pasted web address, with what of it names the run. */
  | { kind: 'address'; origin: string; pathname: string; workspace: string | null; reference: string };

/** Reads RUN. Throws exit 2 for an address that names no run. */
export function readRunReference(word: string): RunReference {
  if (/^https?:\/\//i.test(word)) return readAddress(word);
  if (word === '@last') return { kind: 'last' };
  if (/^\d+(?:\.\d+)?$/.test(word)) return { kind: 'number', number: word };
  if (word.startsWith('local/')) return { kind: 'local', reference: word };
  return { kind: 'whole', reference: word };
}

/** `…/acme/shop/pipelines/shop-api/runs/142.2`, with a page below it or not; also the address of the API. */
function readAddress(word: string): RunReference {
  const url = URL.canParse(word) ? new URL(word) : null;
  const parts = url?.pathname.split('/').filter(Boolean).map(decode) ?? [];
  const at = parts.lastIndexOf('runs');
  const number = parts[at + 1];
  const [word1, pipeline] = at >= 2 ? parts.slice(at - 2, at) : [];
  if (url === null || at === -1 || number === undefined) {
    throw new CommandError(EXIT.usage, {
      code: 'usage',
      message: `the address names no run: ${word}`,
      fix: 'a run stands at …/pipelines/NAME/runs/NUMBER',
    });
  }
  const isOfPipeline = word1 === 'pipelines' && pipeline !== undefined;
  const api = parts.indexOf('api');
  const places = isOfPipeline && api === -1 ? parts.slice(at - 4, at - 2) : [];
  return {
    kind: 'address',
    origin: url.origin,
    pathname: url.pathname,
    workspace: places.length === 2 ? places.join('/') : null,
    reference: isOfPipeline ? `${pipeline}#${number}` : number,
  };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
