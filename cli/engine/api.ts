import type { Plan } from '#core/plan.ts';
import type {
  ArtifactObject,
  CommandObject,
  DecisionRequest,
  GateObject,
  Page,
  RerunRequest,
  RunObject,
  StageObject,
  StartRunRequest,
  StreamEvent,
  WhyObject,
} from '#core/rest.ts';

/** What the commands ask of the API; the typed client of `api/client` behind the words of this folder. */
export interface Api {
  startRun(request: StartRunRequest): Promise<RunObject>;
  listRuns(query: { limit: number; cursor: string | null }): Promise<Page<RunObject>>;
  /** By id, `17`, `local/17`, `local/17.2` or `@last`. */
  getRun(reference: string): Promise<RunObject>;
  getPlan(runId: string): Promise<Plan>;
  listStages(runId: string): Promise<StageObject[]>;
  listGates(runId: string): Promise<GateObject[]>;
  listArtifacts(runId: string): Promise<ArtifactObject[]>;
  /** The tree of an artifact as a tar stream. */
  getArtifact(artifactId: string): Promise<NodeJS.ReadableStream>;
  /** What is in it, with the digest of each file. */
  listArtifactFiles(artifactId: string): Promise<ArtifactFile[]>;
  explainStage(runId: string, stage: string): Promise<WhyObject>;
  cancelRun(runId: string, force: boolean): Promise<RunObject | CommandObject>;
  rerun(runId: string, request: RerunRequest): Promise<RunObject>;
  decide(gateId: string, request: DecisionRequest): Promise<GateObject | CommandObject>;
  getCommand(id: string): Promise<CommandObject>;
  /** NDJSON rows of a log from a line on, in answers of limited size. */
  readLog(runId: string, stage: string, attempt: number, query: LogQuery): Promise<LogRow[]>;
  readLogIndex(
    runId: string,
    stage: string,
    attempt: number,
  ): Promise<{ lines: number; bytes: number; gaps: number; ended: boolean }>;
  /** The stored bytes. */
  readRawLog(runId: string, stage: string, attempt: number): Promise<NodeJS.ReadableStream>;
  /** Resolves when the server or the signal ends the stream; rejects when it is cut. */
  stream(topics: readonly string[], onEvent: (event: StreamEvent) => void, signal: AbortSignal): Promise<void>;
}

/** An entry of an artifact; `digest` is the SHA-256 of a file's content, hex, null of folders and links. */
export interface ArtifactFile {
  path: string;
  bytes: number;
  digest: string | null;
}

export type LogQuery = { from: number; limit: number } | { tail: number };

/** A line (`t` is ms since the attempt began), or a hole. */
export type LogRow =
  | { n: number; t: number; text: string; partial?: boolean }
  | { gap: { bytes: number; fromAt: string; toAt: string; cause: string } };
