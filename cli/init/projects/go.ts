import { type Folder, type Project, stageOf } from '../project.ts';

/** A Go module by its go.mod. */
export function findGo(folder: Folder): Project | null {
  const text = folder.read('go.mod');
  if (text === null) return null;
  const version = /^go (\d+\.\d+)/m.exec(text)?.[1] ?? '1';
  return {
    kind: 'go',
    evidence: 'go.mod',
    image: `golang:${version}`,
    cache: folder.has('go.sum') ? { name: 'go', paths: ['~/.cache/go-build'], lock: 'go.sum' } : null,
    stages: [
      stageOf('test', 'All scripts of a stage share one container and one folder.', ['go vet ./...', 'go test ./...']),
      stageOf('build', 'Runs when the tests have passed.', ['go build ./...']),
    ],
  };
}
