import { type Folder, type Project, type ProjectCache, stageOf } from '../project.ts';

/** A Java project by its Maven or Gradle file; its wrapper where it has one. */
export function findJava(folder: Folder): Project | null {
  if (folder.has('pom.xml')) {
    const hasWrapper = folder.has('mvnw');
    const image = hasWrapper ? 'eclipse-temurin:21' : 'maven:3-eclipse-temurin-21';
    const cache = { name: 'maven', paths: ['~/.m2/repository'], lock: 'pom.xml' };
    return projectOf('pom.xml', image, [`${hasWrapper ? './mvnw' : 'mvn'} --batch-mode verify`], 'target/*.jar', cache);
  }
  const evidence = ['build.gradle', 'build.gradle.kts'].find((name) => folder.has(name));
  if (evidence === undefined) return null;
  const hasWrapper = folder.has('gradlew');
  const image = hasWrapper ? 'eclipse-temurin:21' : 'gradle:8-jdk21';
  // The image of Gradle itself has its home behind a link.
  const cache = { name: 'gradle', paths: ['~/.gradle/caches', '~/.gradle/wrapper'], lock: evidence };
  return projectOf(
    evidence,
    image,
    [`${hasWrapper ? './gradlew' : 'gradle'} build`],
    'build/libs/*.jar',
    hasWrapper ? cache : null,
  );
}

function projectOf(
  evidence: string,
  image: string,
  scripts: string[],
  made: string,
  cache: ProjectCache | null,
): Project {
  const keep = `artifact "jar" { path "${made}"; expire "7d" }`;
  return {
    kind: 'java',
    evidence,
    image,
    cache,
    stages: [stageOf('build', 'Compiles, tests and packs.', scripts, [keep])],
  };
}
