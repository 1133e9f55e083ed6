/** Reads a body of server-sent events to its end; calls back with `{ event, ...data }`. */
export async function readEvents(
  body: AsyncIterable<Buffer | string>,
  onEvent: (event: object) => void,
): Promise<void> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    const blocks = (rest + (typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true }))).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      let event = 'message';
      let data = '';
      for (const line of block.split('\n')) {
        if (line.startsWith('event:')) event = line.slice('event:'.length).trim();
        else if (line.startsWith('data:')) data += line.slice('data:'.length).trimStart();
      }
      if (data !== '') onEvent({ event, ...(JSON.parse(data) as object) });
    }
  }
}
