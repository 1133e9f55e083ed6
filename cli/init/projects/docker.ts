import type { Folder, Project } from '../project.ts';

/** An image by its Dockerfile. It is built by this machine's Docker: a container has none. */
export function findDocker(folder: Folder): Project | null {
  if (!folder.has('Dockerfile')) return null;
  return {
    kind: 'docker',
    evidence: 'Dockerfile',
    image: null,
    cache: null,
    stages: [
      {
        name: 'image',
        comment: "Runs on this machine, with its Docker: a stage's container has none.",
        env: { TAG: '${pipeline.name}:${git.short_sha ?? "latest"}' },
        scripts: ['docker build --tag "$(echo "$TAG" | tr A-Z a-z)" .'],
        reports: [],
        ideas: [],
      },
    ],
  };
}
