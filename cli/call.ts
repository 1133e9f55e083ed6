import type { ConfigFile } from './context/config-file.ts';
import type { ExitCode } from './exit.ts';
import type { GLOBAL_OPTIONS } from './grammar/globals.ts';
import type { CommandSpec, OptionValues } from './grammar/spec.ts';
import type { Screen } from './terminal/screen.ts';

/** How `run` and `watch` talk: a live region, plain lines, nothing, or objects alone. */
export type UiMode = 'live' | 'plain' | 'quiet' | 'json';

/** A command, parsed and with everything it may touch. */
export interface Call<Spec extends CommandSpec> {
  options: OptionValues<typeof GLOBAL_OPTIONS & Spec['options']>;
  words: string[];
  screen: Screen;
  /** One of the formats of the command. */
  format: string;
  ui: UiMode;
  /** Of lists; null is all. */
  limit: number | null;
  /** From `--timeout`; null waits for ever. */
  timeoutMs: number | null;
  environment: Readonly<Record<string, string | undefined>>;
  folder: string;
  /** What `~/.buildit/config` says. */
  config: ConfigFile;
}

export type Handler<Spec extends CommandSpec> = (call: Call<Spec>) => Promise<ExitCode>;

/** What every command has, for functions that serve several. */
export type AnyCall = Omit<Call<CommandSpec>, 'options'> & { options: OptionValues<typeof GLOBAL_OPTIONS> };
