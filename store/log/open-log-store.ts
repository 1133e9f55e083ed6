import { nameSegment } from '../object/name-segment.ts';
import type { ObjectStore } from '../object/port.ts';
import { toLogIndex } from './index-so-far.ts';
import { openLogReader } from './open-log-reader.ts';
import { describeEnded, openLogWriter } from './open-log-writer.ts';
import type { LogKey, LogStore } from './port.ts';
import { readBytes } from './read-bytes.ts';
import { readLines } from './read-lines.ts';
import { scanLines } from './scan-lines.ts';

/** Logs in an object store, one folder of keys each (see README.md beside this file). */
export function openLogStore(options: { objects: ObjectStore }): LogStore {
  const { objects } = options;
  const reader = openLogReader(objects);
  return {
    write: (key, writeOptions) => openLogWriter(objects, folderOf(key), writeOptions),
    readBytes: (key, from, to) => readBytes(reader, folderOf(key), from, to),
    readLines: (key, from, limit) => readLines(reader, folderOf(key), from, limit),
    scan: (key) => scanLines(reader, folderOf(key)),
    async index(key) {
      const { manifest, index, lineFeeds, bytes } = await reader.view(folderOf(key));
      if (manifest) return describeEnded(manifest);
      return toLogIndex(index, { lines: lineFeeds, bytes, digest: null, ended: false });
    },
  };
}

function folderOf({ runId, stage, attempt, service }: LogKey): string {
  const folder = `${logsOf(runId)}${nameSegment(stage)}/${attempt}`;
  // Beside the attempt's folder, whose names are all its own log's.
  return service === undefined ? `${folder}/` : `${folder}-services/${nameSegment(service)}/`;
}

/** Where all logs of a run are. */
export function logsOf(runId: string): string {
  return `logs/${nameSegment(runId)}/`;
}
