/** What one sample found, by a name that ends in its unit: `wall, ms`. A list where one sample holds many values. */
export type Measures = Readonly<Record<string, number | readonly number[]>>;

/** One thing that does the work of a workload once in each round. */
export interface System {
  name: string;
  /** A floor is what the work costs without anything of ours; a peer is another product. */
  role: 'floor' | 'buildit' | 'peer';
  /** What it does not do, and the flags it was given (performance.md P105, P107). */
  note: string;
  /** Rejects when the work did not end well. What is not to be timed happens outside of what it reports. */
  measure(): Promise<Measures>;
}

/** A workload whose parts are there: images, folders, servers. */
export interface OpenWorkload {
  /** The first floor begins and ends every round (P102); without one no round is ever dropped. */
  systems: readonly System[];
  close(): Promise<void>;
}

/** How often a round is repeated (P102): by how long its longest sample takes. Long ones warm up by themselves. */
export const PACES = {
  /** Under 2 s. */
  short: { rounds: 15, warmUps: 2 },
  /** Under 30 s. */
  middle: { rounds: 7, warmUps: 2 },
  long: { rounds: 3, warmUps: 0 },
} as const;

export interface Workload {
  /** As on the command line: `w3a`. */
  id: string;
  title: string;
  pace: keyof typeof PACES;
  /** After so long no further sample begins; one that hangs is given up at twice that. */
  limitMs: number;
  open(): Promise<OpenWorkload>;
}
