/** What proposals are made from: the paths of a tree, and the texts of some of its files. Pure. */

export interface Project {
  /** Every path of the tree. */
  paths: readonly string[];
  /** Texts by path; of `TEXTS` those that are there, and of a few tests. */
  texts: ReadonlyMap<string, string>;
}

export interface ProposedCheck {
  name: string;
  run: string;
}

export interface Proposal {
  setup: string | null;
  setup_inputs: string[];
  checks: ProposedCheck[];
}

/** Files at the top whose texts say how a project is checked. */
const TEXTS = [
  ...['package.json', 'pyproject.toml', 'pytest.ini', 'setup.cfg', 'tox.ini', 'Pipfile'],
  ...['requirements.txt', 'requirements-dev.txt', 'dev-requirements.txt', 'requirements_dev.txt', 'test-requirements.txt'],
  ...['Rakefile', 'Makefile', 'makefile', 'GNUmakefile'],
];

/** So many Python tests are read to see which runner they are written for. */
const FEW_TESTS = 20;

const PYTHON_TEST = /(^|\/)(test_[^/]*|[^/]*_test)\.py$/;

/** The paths of Python tests, the tool's own folders left out. */
export function pythonTests(paths: readonly string[]): string[] {
  return paths.filter((path) => PYTHON_TEST.test(path) && !/^(sessions|\.swarm)\//.test(path));
}

/** Which files' texts a `Project` has to hold. */
export function textsToRead(paths: readonly string[]): string[] {
  const there = new Set(paths);
  return [...TEXTS.filter((path) => there.has(path)), ...pythonTests(paths).slice(0, FEW_TESTS)];
}
