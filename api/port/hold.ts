import type { OpenPort, PortKeeper } from './keeper.ts';

/**
 * An answer that lasts as long as its caller wants the port: one line of JSON says where it is, then nothing comes until
 * one side ends. A caller that dies loses its connection, so no port outlives who asked for it (ENGINE 19).
 *
 * @param ending the caller's connection, and the end of this process
 */
export function holdPort(keeper: PortKeeper, open: OpenPort, ending: readonly AbortSignal[]): Response {
  const end = AbortSignal.any([...ending]);
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode(`${JSON.stringify(open)}\n`));
      const finish = (): void => {
        // Before the caller may ask again: who closes it must have begun.
        void keeper.close();
        try {
          controller.close();
        } catch {
          // The caller has cancelled it already.
        }
      };
      if (end.aborted) finish();
      else end.addEventListener('abort', finish, { once: true });
    },
  });
  return new Response(body, { headers: { 'Content-Type': 'application/x-ndjson', 'Cache-Control': 'no-store' } });
}
