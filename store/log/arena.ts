/**
 * Memory that is used again and again. A log of a gigabyte in fresh buffers would wait for
 * the garbage collector with a hundred megabytes at a time. It begins small and doubles: the
 * collector counts pages that were never written too, so the megabytes that any log may need
 * made it run after every third short one.
 */
export interface Arena {
  /** Room for that many bytes, good until the reset; from elsewhere when the arena is full. */
  allocate(bytes: number): Buffer;
  /** A copy in the arena. */
  copy(bytes: Uint8Array): Buffer;
  /** Everything allocated is let go of: nobody may hold it any more. */
  reset(): void;
  /** The same, and the memory is given back at once. Nothing is allocated any more. */
  free(): void;
}

/** Enough for a log of a few lines. */
const FIRST_BYTES = 4 * 1024;

export function openArena(capacity: number): Arena {
  let memory = Buffer.allocUnsafeSlow(0);
  let used = 0;
  /** Smaller memory of before; what stands in it is still held. */
  let outgrown: Buffer<ArrayBuffer>[] = [];

  function allocate(bytes: number): Buffer {
    if (used + bytes > memory.length) {
      if (bytes > capacity || memory.length === capacity) return Buffer.allocUnsafeSlow(bytes);
      grow(bytes);
    }
    used += bytes;
    return memory.subarray(used - bytes, used);
  }

  function grow(bytes: number): void {
    let size = Math.max(2 * memory.length, FIRST_BYTES);
    while (size < bytes) size *= 2;
    outgrown.push(memory);
    memory = Buffer.allocUnsafeSlow(Math.min(size, capacity));
    used = 0;
  }

  /** By us: the collector would leave it for as long as little else is allocated. */
  function reset(): void {
    for (const { buffer } of outgrown) buffer.transfer(0);
    outgrown = [];
    used = 0;
  }

  return {
    allocate,
    copy(bytes) {
      const room = allocate(bytes.length);
      room.set(bytes);
      return room;
    },
    reset,
    free() {
      outgrown.push(memory);
      reset();
      memory = Buffer.allocUnsafeSlow(0);
    },
  };
}
