import type { ArtifactObject } from '#core/rest.ts';
import type { Handler } from '../call.ts';
import { openRun } from '../context/open-run.ts';
import { EXIT } from '../exit.ts';
import { CommandError } from '../fault/command-error.ts';
import type { Commands } from '../grammar/commands.ts';
import { findNearest } from '../grammar/nearest.ts';
import { formatBytes } from '../output/bytes.ts';

/** `buildit artifacts get RUN NAME [--to DIR] [--verify]` */
export const handle: Handler<Commands['artifacts get']> = async (call) => {
  const { screen, words, options, folder } = call;
  const { api, run } = await openRun(call, words[0]);
  const artifact = chooseArtifact(await api.listArtifacts(run.id), words[1] ?? '', run.label);
  const { unpackTar, verifyTar } = await import('../artifact/unpack.ts');
  const files = await api.listArtifactFiles(artifact.id);
  const tar = await api.getArtifact(artifact.id);
  const { resolve } = await import('node:path');
  if (options.verify) {
    await verifyTar(tar, files);
    screen.say(
      `${artifact.name} is whole: ${artifact.files} files, ${formatBytes(artifact.bytes)}, each equal to its digest.\n`,
    );
    return EXIT.done;
  }
  const target = resolve(folder, options.to ?? '.');
  await unpackTar(tar, files, target);
  screen.say(`${artifact.name}: ${artifact.files} files, ${formatBytes(artifact.bytes)} in ${target}\n`);
  return EXIT.done;
};

function chooseArtifact(artifacts: readonly ArtifactObject[], name: string, label: string): ArtifactObject {
  const latest = new Map(
    artifacts.toSorted((a, b) => a.attempt - b.attempt).map((each) => [`${each.stage}/${each.name}`, each]),
  );
  const found = latest.get(name) ?? [...latest.values()].filter((each) => each.name === name);
  if (!Array.isArray(found)) return found;
  const [first, ...others] = found;
  if (first && others.length === 0) return first;
  if (first) {
    throw new CommandError(EXIT.usage, {
      code: 'usage',
      message: `${found.length} stages of ${label} have an artifact "${name}"`,
      fix: `name one: ${found.map((each) => `${each.stage}/${each.name}`).join(', ')}`,
    });
  }
  const near = findNearest(
    name,
    [...latest.values()].map((each) => each.name),
  );
  throw new CommandError(EXIT.notFound, {
    code: 'artifact-unknown',
    message: `${label} has no artifact "${name}"`,
    fix: near !== null ? `did you mean "${near}"?` : `buildit artifacts list ${label} shows what there is`,
  });
}
