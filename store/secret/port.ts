/**
 * Secret values of a run on a laptop (ENGINE 15): sealed (AES-256-GCM, key file 0600 in
 * the data folder) from acceptance to the run's end. Values are in memory only while a
 * stage starts.
 */
export interface RunSecretStore {
  seal(runId: string, values: Readonly<Record<string, string>>): Promise<void>;
  /** Remembers an absolute path of a dotenv file that is read when a stage starts. */
  point(runId: string, secretFile: string): Promise<void>;
  /** Values of the names asked for; the file wins over sealed ones. Missing names are absent. */
  open(runId: string, names: readonly string[]): Promise<Record<string, string>>;
  /** Where a name would come from, without its value; for a retry. */
  describe(runId: string): Promise<{ secretFile: string | null; names: string[] }>;
  /** Runs of which something is kept that was not written for `ageMs`. */
  list(ageMs: number): Promise<string[]>;
  forget(runId: string): Promise<void>;
}
