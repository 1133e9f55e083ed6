import { type Folder, type Project, stageOf } from '../project.ts';

const EVIDENCE = ['pyproject.toml', 'requirements.txt', 'setup.py'];

const PYTEST = '.venv/bin/python -m pytest --junitxml=report.xml';

/** A Python project by what installs it; its tests by what it mentions. */
export function findPython(folder: Folder): Project | null {
  const evidence = EVIDENCE.find((name) => folder.has(name));
  if (evidence === undefined) return null;
  const version = /\d+\.\d+/.exec(folder.read('.python-version') ?? '')?.[0] ?? '3';
  const install = folder.has('requirements.txt') ? '-r requirements.txt' : '.';
  const scripts = ['python3 -m venv .venv', `.venv/bin/pip install ${install}`, ...chooseTests(folder)];
  return {
    kind: 'python',
    evidence,
    image: `python:${version}`,
    stages: [
      {
        ...stageOf('test', 'All scripts of a stage share one container and one folder.', scripts),
        reports: scripts.includes(PYTEST) ? ['report.xml'] : [],
      },
    ],
    cache: { name: 'pip', paths: ['~/.cache/pip'], lock: evidence },
  };
}

function chooseTests(folder: Folder): string[] {
  const mentions = [...EVIDENCE, 'setup.cfg', 'tox.ini'].map((name) => folder.read(name) ?? '').join('\n');
  if (/pytest/.test(mentions) || folder.has('pytest.ini') || folder.has('conftest.py')) {
    return ['.venv/bin/pip install pytest', PYTEST];
  }
  const hasTests = folder.names.some((name) => /^tests?$|^test.*\.py$/.test(name));
  if (!hasTests) return ['.venv/bin/python -m compileall -q -x "[.]venv" .'];
  const start = ['tests', 'test'].find((name) => folder.has(name));
  return [`.venv/bin/python -m unittest discover${start === undefined ? '' : ` -s ${start} -t .`}`];
}
