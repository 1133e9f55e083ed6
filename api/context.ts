import type { Writable } from 'node:stream';
import type { TriggerFacts } from '#config/pipeline/facts.ts';
import type { ImportReader } from '#config/pipeline/reuse/import-reader.ts';
import type { Settings } from '#config/system/settings.ts';
import type { ReachPoint } from '#core/crash-point.ts';
import type { Diagnostic } from '#core/diagnostic.ts';
import type { ParamDeclaration } from '#core/param.ts';
import type { Plan } from '#core/plan.ts';
import type { DeclaredTrigger } from '#core/trigger.ts';
import type { Database } from '#db/client.ts';
import type { ArtifactStore } from '#store/artifact/port.ts';
import type { CacheStore } from '#store/cache/port.ts';
import type { LogStore } from '#store/log/port.ts';
import type { ObjectStore } from '#store/object/port.ts';
import type { MoveSecrets } from '#store/secret/move-secrets.ts';
import type { RunSecretStore, SecretStore } from '#store/secret/port.ts';
import type { TextSealer } from '#store/secret/text-sealer.ts';
import type { SnapshotStore, SourceRoot } from '#store/snapshot/port.ts';
import type { SnapshotTransfer } from '#store/snapshot/transfer.ts';
import type { Tracing } from '#tracing/tracing.ts';
import type { Principal } from './access/principal.ts';
import type { PortKeeper } from './port/keeper.ts';
import type { ChangeHub } from './stream/hub.ts';
import type { ApiMetrics } from './traffic/metrics.ts';
import type { WebBundle } from './web/bundle.ts';
import type { WorkflowGateway } from './workflows/gateway.ts';

/** All that routes work with; put together in main.ts alone. */
export interface ApiContext {
  /**
   * The pool of the process itself, under the owner of the tables: for authentication, the relay and what has no
   * principal. What a request reads goes through `Call.data` (route.ts).
   */
  database: Database;
  stores: ApiStores;
  compile: CompilePipeline;
  findSourceRoot: (file: string) => Promise<SourceRoot>;
  workflows: WorkflowGateway;
  hub: ChangeHub;
  /** Tells the relay that the outbox has something. */
  nudgeRelay: () => void;
  version: string;
  settings: Settings;
  /** Named secrets of the server; `stores.secrets` has those that local runs bring along. */
  secretStore: SecretStore;
  sealer: TextSealer;
  moveSecrets: MoveSecrets;
  port: PortKeeper;
  metrics: ApiMetrics;
  /** The web interface, as far as it is built. */
  web: WebBundle;
  /** Takes a line of the log of requests. */
  writeLog: (line: string) => void;
  /** Null tells nobody. */
  tracing: Tracing | null;
  /**
   * Where people reach the server, `https://ci.example.com` without a slash at the end; null while no port is open. It
   * says whether cookies are `Secure`: behind a proxy that ends TLS the port itself is plain.
   */
  publicUrl: () => string | null;
  /** Bearer token of every request on the socket; null where none is served. */
  token: string | null;
  /** Told at the points of this process; absent of one that no test ends. */
  reach?: ReachPoint;
  /** Aborts when the process is about to end: streams say `bye`. */
  closing: AbortSignal;
}

/** The compiler's entry, as far as acceptance needs it. */
export type CompilePipeline = (input: {
  file: string;
  text: string;
  facts: TriggerFacts | null;
  params: Record<string, string>;
  executor: 'docker' | 'process' | null;
  stages: string[];
  imports?: ImportReader;
}) => {
  plan: Plan | null;
  diagnostics: Diagnostic[];
  params: ParamDeclaration[];
  triggers: DeclaredTrigger[];
};

export interface ApiStores {
  objects: ObjectStore;
  snapshots: SnapshotStore;
  transfers: SnapshotTransfer;
  logs: LogStore;
  artifacts: ArtifactStore;
  caches: CacheStore;
  secrets: RunSecretStore;
}

/** What a request brings along. */
export interface ApiVariables {
  requestId: string;
  /** Path of the route that answers, as it is declared; null when none does. */
  route: string | null;
  /** Of the trace the request belongs to; null when none is kept. */
  traceId: string | null;
  /** Its place in the trace, for what it starts (W3C `traceparent`). */
  traceParent: string | null;
  /** Who asks, as an actor's id. */
  caller: string;
  /** Null before authentication, and for a request without a session or token. */
  principal: Principal | null;
  /** `Set-Cookie` of the answer, when the session's token changes; else null. */
  sessionCookie: string | null;
  /** Whether it came over the unix socket: paths are accepted there alone (ENGINE 11). */
  isLocal: boolean;
}

/** Ends the connection when nothing more will come; its `close` says that nobody reads any more. */
export type WriteBody = (connection: Writable) => void;

export interface ApiEnvironment {
  Variables: ApiVariables;
  Bindings: {
    isLocal: boolean;
    /** Of the client, behind trusted proxies (client-address.ts); empty on the socket. */
    address: string;
    /** Set by an answer without a body: writes one to the connection, once the head of the answer is out (serve.ts). */
    writeBody?: WriteBody | null;
  };
}
