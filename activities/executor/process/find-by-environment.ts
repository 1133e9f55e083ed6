import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { setImmediate as yieldToOthers } from 'node:timers/promises';
import { type ProcessIdentity, readGroup } from './process-identity.ts';
import { findLowestAfter } from './process-ids.ts';

interface Wanted {
  /** `NAME=value`, between the zeros that stand around an entry. */
  entry: Buffer;
  /** None of a lower id has it. */
  from: number;
  found: number[];
  done: PromiseWithResolvers<void>;
}

/** Processes that are looked at before others have their turn: some tens of a millisecond. */
const AT_ONCE = 32;
/** Of a look at a machine without anything unusual; grows when an environment is larger. */
const ROOM_BYTES = 131_072;

let room = Buffer.allocUnsafeSlow(ROOM_BYTES);
/** Who waits for the next look. */
let waiting: Wanted[] = [];
let isLooking = false;

/**
 * Processes whose environment holds this entry: those of an attempt that left its process group (daemons). Linux only;
 * elsewhere the group is all we know. Other accounts' processes cannot be read and are not ours; those of the
 * supervisor's group are left out, and what was there before the supervisor is not looked at. One look at the machine's
 * processes serves all who ask before it begins: many attempts end at once, and there are hundreds of processes.
 */
export async function findByEnvironment(entry: string, supervisor: ProcessIdentity | null): Promise<number[]> {
  const from = supervisor === null ? 0 : findLowestAfter(supervisor);
  const wanted: Wanted = { entry: Buffer.from(`\0${entry}\0`), from, found: [], done: Promise.withResolvers() };
  waiting.push(wanted);
  if (!isLooking) void lookForAll();
  await wanted.done.promise;
  const groups = await Promise.all(wanted.found.map(readGroup));
  return wanted.found.filter((_, index) => groups[index] !== null && groups[index] !== supervisor?.pid);
}

async function lookForAll(): Promise<void> {
  isLooking = true;
  while (waiting.length > 0) {
    const asked = waiting;
    waiting = [];
    const from = Math.min(...asked.map((one) => one.from));
    const candidates = listProcesses().filter((pid) => pid >= from);
    for (const [index, pid] of candidates.entries()) {
      if (index % AT_ONCE === AT_ONCE - 1) await yieldToOthers();
      const environment = readEnvironment(pid);
      for (const { entry, found } of asked) if (environment.includes(entry)) found.push(pid);
    }
    for (const { done } of asked) done.resolve();
  }
  isLooking = false;
}

function listProcesses(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

/**
 * With a zero in front, good until the next call; empty for what cannot be read. Read at once and into the same room:
 * as many asynchronous reads, each into a buffer of its own, were a quarter of what a short stage cost.
 */
function readEnvironment(pid: number): Buffer {
  let end = 1;
  room[0] = 0;
  try {
    const file = openSync(`/proc/${pid}/environ`, 'r');
    try {
      for (;;) {
        const bytes = readSync(file, room, end, room.length - end, null);
        if (bytes === 0) return room.subarray(0, end);
        end += bytes;
        if (end === room.length) room = Buffer.concat([room, room]);
      }
    } finally {
      closeSync(file);
    }
  } catch {
    return room.subarray(0, 0);
  }
}
