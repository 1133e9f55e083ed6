import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { z } from 'zod';

/** What happened to one container. */
export interface ContainerEvent {
  action: string;
  name: string;
  runId: string | null;
  stage: string | null;
}

/** The witness of the Docker engine: its own account of every container of an instance, kept by another process. */
export interface DockerRecorder {
  /** Until now, in order. */
  read(): ContainerEvent[];
  stop(): Promise<void>;
}

const event = z.object({
  Type: z.string(),
  Action: z.string(),
  Actor: z.object({ Attributes: z.record(z.string(), z.string()) }),
});

/** Records into `file` from now on, whatever happens to whoever asked for it. */
export function recordDocker(instance: string, file: string): DockerRecorder {
  const output = openSync(file, 'a');
  const filters = ['--filter', `label=buildit.instance=${instance}`, '--filter', 'type=container'];
  const child = spawn('docker', ['events', ...filters, '--format', '{{json .}}'], {
    stdio: ['ignore', output, 'inherit'],
  });
  closeSync(output);
  // Also when the test that started it fails before it can stop it.
  process.once('exit', () => child.kill());
  return {
    read() {
      const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
      return lines.map((line) => {
        const { Action: action, Actor: actor } = event.parse(JSON.parse(line));
        const attributes = actor.Attributes;
        return {
          action,
          name: attributes['name'] ?? '',
          runId: attributes['buildit.run'] ?? null,
          stage: attributes['buildit.stage'] ?? null,
        };
      });
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}
