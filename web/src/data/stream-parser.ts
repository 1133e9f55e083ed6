import type { StreamEvent } from '#core/rest.ts';

/**
 * Reads server-sent events as bytes come in (WHATWG HTML §9.2.6, as far as our server writes them). The browser's own
 * reader does not tell of comments, and these are the signs of life a connection is judged by.
 */
export function createStreamParser(onEvent: (event: StreamEvent) => void): (chunk: Uint8Array) => void {
  const decoder = new TextDecoder();
  let rest = '';
  let name = '';
  let data = '';
  const take = (line: string) => {
    if (line === '') {
      if (data !== '') {
        const fields: object = JSON.parse(data);
        onEvent({ event: name, ...fields } as StreamEvent);
      }
      name = '';
      data = '';
    } else if (line.startsWith('event:')) name = line.slice(6).trimStart();
    else if (line.startsWith('data:')) data += line.slice(5).trimStart();
  };
  return (chunk) => {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) take(line);
  };
}
