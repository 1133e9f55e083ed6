/** Something in a folder that can be tested or built, and how. */
export interface Project {
  kind: 'node' | 'go' | 'rust' | 'python' | 'java' | 'docker';
  /** File that gave it away. */
  evidence: string;
  /** Where its stages run in containers; null where a container cannot do it. */
  image: string | null;
  stages: ProjectStage[];
}

export interface ProjectStage {
  name: string;
  /** One line above it. */
  comment: string;
  env: Record<string, string>;
  scripts: string[];
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
  return { name, comment, env: {}, scripts, ideas };
}
