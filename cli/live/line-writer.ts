/** Gathers the lines of one event into one write: a stage may print a million of them. */
export interface LineWriter {
  add(line: string): void;
  /** Before anything else is written, so that the order stays. */
  flush(): void;
}

export function openLineWriter(write: (text: string) => void): LineWriter {
  let pending: string[] = [];
  const flush = () => {
    if (pending.length === 0) return;
    const text = pending.join('');
    pending = [];
    write(text);
  };
  return {
    add(line) {
      if (pending.length === 0) queueMicrotask(flush);
      pending.push(line);
    },
    flush,
  };
}
