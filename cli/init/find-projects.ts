import type { Folder, Project } from './project.ts';
import { findDocker } from './projects/docker.ts';
import { findGo } from './projects/go.ts';
import { findJava } from './projects/java.ts';
import { findNode } from './projects/node.ts';
import { findPython } from './projects/python.ts';
import { findRust } from './projects/rust.ts';

/** The projects of a folder in the order of the file; the image comes last, as it waits for the rest. */
export function findProjects(folder: Folder): Project[] {
  return [findNode, findGo, findRust, findPython, findJava, findDocker].flatMap((find) => find(folder) ?? []);
}
