/** Something in a folder that can be tested or built, and how. */
export interface Project {
  kind: 'node' | 'go' | 'rust' | 'python' | 'java' | 'docker';
  /** File that gave it away. */
  evidence: string;
  /** Where its stages run in containers; null where a container cannot do it. */
  image: string | null;
  stages: ProjectStage[];
  /** What is expensive to fetch or to compile; null where there is nothing to tell one state from another. */
  cache: ProjectCache | null;
}

export interface ProjectCache {
  name: string;
  /** Below the workspace, or below the home. */
  paths: string[];
  /** File whose content says when it is another one. */
  lock: string;
}

export interface ProjectStage {
  name: string;
  /** One line above it. */
  comment: string;
  env: Record<string, string>;
  scripts: string[];
  /** JUnit reports that its scripts write. */
  reports: string[];
  /** Further lines inside it, for people to begin with. */
  ideas: string[];
}

/** What detectors may look at: names in the folder, and the texts of files. */
export interface Folder {
  has(name: string): boolean;
  /** Null when it is not there. */
  read(name: string): string | null;
  /** Names directly in it. */
  names: readonly string[];
}

/** A stage without anything special. */
export function stageOf(name: string, comment: string, scripts: string[], ideas: string[] = []): ProjectStage {
  return { name, comment, env: {}, scripts, reports: [], ideas };
}
