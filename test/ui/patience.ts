/** Before a page begins: how long each request would be waited for is noted; its end comes when the test says so. */
export function holdPatience(): void {
  const held: { ms: number; end: AbortController }[] = [];
  AbortSignal.timeout = (ms: number) => {
    const end = new AbortController();
    held.push({ ms, end });
    return end.signal;
  };
  Object.assign(window, { held });
}

export interface Holding {
  held: { ms: number; end: AbortController }[];
}
