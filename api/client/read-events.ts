import type { StreamEvent } from '#core/rest.ts';

/** An event with the cursor behind it. */
export interface ReceivedEvent {
  event: StreamEvent;
  cursor: string;
}

/** The events in a server-sent stream; comments are signs of life and left out. */
export async function* readEvents(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<ReceivedEvent> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const frames = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
    rest = frames.pop() ?? '';
    for (const frame of frames) {
      const received = parseFrame(frame);
      if (received) yield received;
    }
  }
}

function parseFrame(frame: string): ReceivedEvent | null {
  let [name, cursor, data] = ['', '', ''];
  for (const line of frame.split('\n')) {
    if (line.startsWith('event: ')) name = line.slice(7);
    else if (line.startsWith('id: ')) cursor = line.slice(4);
    else if (line.startsWith('data: ')) data = line.slice(6);
  }
  if (name === '') return null;
  return { event: { event: name, ...JSON.parse(data) } as StreamEvent, cursor };
}
