import type { Problem } from './rest.ts';

/** Body of `POST gates/decisions`: gates of one workspace and one environment, approved together (UI §4.1). */
export interface ApproveGatesRequest {
  /** At most 100. `expectedSeq`: what the decider saw. Fields take their defaults. */
  gates: { id: string; expectedSeq?: number }[];
  comment?: string;
}

/** How one of them came out. All were in order when they were sent: a refusal is the workflow's own. */
export type ApprovedGate = { id: string; name: string } & (
  | { state: 'decided' }
  /** The command that tells later. */
  | { state: 'pending'; command: string }
  | { state: 'refused'; problem: Problem }
);

/** In the order of the request. */
export interface ApprovedGates {
  items: ApprovedGate[];
}
