import type { Can } from './rest.ts';

/** Who has or wants a place of a concurrency group. */
export interface GroupPlace {
  id: string;
  run: string;
  /** Of the run. */
  label: string;
  /** Null for the run as a whole. */
  stage: string | null;
  since: string;
}

/** A concurrency group as it stands: who has its places, and who waits in which order. */
export interface GroupObject {
  group: string;
  limit: number;
  holders: GroupPlace[];
  waiters: GroupPlace[];
  can: { release: Can };
}

export interface ReleasePlaceRequest {
  group: string;
  /** Id of the place. */
  place: string;
  reason: string;
}
