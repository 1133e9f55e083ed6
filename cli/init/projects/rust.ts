import { type Folder, type Project, stageOf } from '../project.ts';

/** A Rust crate or workspace by its Cargo.toml. */
export function findRust(folder: Folder): Project | null {
  if (!folder.has('Cargo.toml')) return null;
  const locked = folder.has('Cargo.lock') ? ' --locked' : '';
  return {
    kind: 'rust',
    evidence: 'Cargo.toml',
    image: 'rust:1',
    cache: locked === '' ? null : { name: 'cargo', paths: ['target'], lock: 'Cargo.lock' },
    stages: [
      stageOf('test', 'All scripts of a stage share one container and one folder.', [`cargo test${locked}`]),
      stageOf('build', 'Runs when the tests have passed.', [`cargo build --release${locked}`]),
    ],
  };
}
