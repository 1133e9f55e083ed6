/**
 * Memory that is used again and again. A log of a gigabyte in fresh buffers would wait for
 * the garbage collector with a hundred megabytes at a time. Pages that were never written
 * cost nothing, so a short log stays small.
 */
export interface Arena {
  /** Room for that many bytes, good until the reset; from elsewhere when the arena is full. */
  allocate(bytes: number): Buffer;
  /** A copy in the arena. */
  copy(bytes: Uint8Array): Buffer;
  /** Everything allocated is let go of: nobody may hold it any more. */
  reset(): void;
}

export function openArena(capacity: number): Arena {
  let memory: Buffer | null = null;
  let used = 0;
  function allocate(bytes: number): Buffer {
    memory ??= Buffer.allocUnsafeSlow(capacity);
    if (used + bytes > capacity) return Buffer.allocUnsafeSlow(bytes);
    used += bytes;
    return memory.subarray(used - bytes, used);
  }
  return {
    allocate,
    copy(bytes) {
      const room = allocate(bytes.length);
      room.set(bytes);
      return room;
    },
    reset() {
      used = 0;
    },
  };
}
