/** pytest, or unittest from the standard library, with what a lock or requirements file asks for. Pure. */

import { type Project, type Proposal, type ProposedCheck, pythonTests } from './project.ts';

const LOCKS = [
  { lock: 'uv.lock', setup: 'uv sync --frozen', tool: 'uv run ', manifest: 'pyproject.toml' },
  { lock: 'poetry.lock', setup: 'poetry install', tool: 'poetry run ', manifest: 'pyproject.toml' },
  { lock: 'pdm.lock', setup: 'pdm sync', tool: 'pdm run ', manifest: 'pyproject.toml' },
  { lock: 'Pipfile.lock', setup: 'pipenv sync --dev', tool: 'pipenv run ', manifest: 'Pipfile' },
];

const MARKS = ['pyproject.toml', 'pytest.ini', 'setup.cfg', 'setup.py', 'tox.ini', 'Pipfile'];
const RUFF = ['ruff.toml', '.ruff.toml'];

export function python(project: Project): Proposal | null {
  const { paths, texts } = project;
  const requirements = [...texts.keys()].filter((path) => /requirements[^/]*\.txt$/.test(path));
  const tests = pythonTests(paths);
  if (tests.length === 0 && requirements.length === 0 && !MARKS.some((path) => paths.includes(path))) return null;
  const locked = LOCKS.find(({ lock }) => paths.includes(lock));
  const pytest = usesPytest(project);
  const setup = locked ? locked.setup : requirements.length > 0 ? virtualEnvironment(requirements, texts, pytest) : null;
  const tool = locked ? locked.tool : setup === null ? null : '.venv/bin/python -m ';
  const checks: ProposedCheck[] = [];
  if (pytest) checks.push({ name: 'test', run: `${tool ?? 'python3 -m '}pytest` });
  else if (tests.length > 0)
    checks.push({ name: 'test', run: `${locked ? `${tool}python -m ` : (tool ?? 'python3 -m ')}${unittest(tests, paths)}` });
  const pyproject = texts.get('pyproject.toml') ?? '';
  if (/^\[tool\.ruff/m.test(pyproject) || RUFF.some((path) => paths.includes(path)))
    checks.push({ name: 'lint', run: `${locked?.tool ?? ''}ruff check .` });
  return { setup, setup_inputs: locked ? [locked.manifest, locked.lock] : setup === null ? [] : requirements, checks };
}

/** Somewhere it is configured, asked for, or what the tests are written for. */
function usesPytest({ paths, texts }: Project): boolean {
  if (paths.some((path) => /(^|\/)(pytest\.ini|\.pytest\.ini|conftest\.py)$/.test(path))) return true;
  const written = /^(import pytest|from pytest\b|(async )?def test_)/m;
  return [...texts].some(([path, text]) =>
    path.endsWith('.py') ? written.test(text) : /\.(toml|cfg|ini|txt)$|^Pipfile$/.test(path) && /\bpytest\b/.test(text),
  );
}

/** Made of the requirements; what it is made for is run through its interpreter, which may lie at another path later. */
function virtualEnvironment(requirements: readonly string[], texts: Project['texts'], pytest: boolean): string {
  const named = requirements.some((path) => /^\s*pytest\b/m.test(texts.get(path) ?? ''));
  const wanted = [...requirements.map((path) => `-r ${path}`), ...(pytest && !named ? ['pytest'] : [])];
  return `python3 -m venv .venv && .venv/bin/pip install --quiet ${wanted.join(' ')}`;
}

/** It finds what can be imported from where it begins: the top where the tests are packages, else their own folder. */
function unittest(tests: readonly string[], paths: readonly string[]): string {
  const folders = tests.map((path) => path.split('/').slice(0, -1));
  const [first = []] = folders;
  const common = first.filter(
    (name, i) => folders.every((folder) => folder.slice(0, i + 1).join('/') === first.slice(0, i + 1).join('/')) && name !== '',
  );
  const isPackage = common.every((_, i) => paths.includes(`${common.slice(0, i + 1).join('/')}/__init__.py`));
  const from = isPackage || !/^[\w./-]+$/.test(common.join('/')) ? '' : ` -s ${common.join('/')}`;
  const named = tests.some((path) => /(^|\/)test[^/]*\.py$/.test(path)) ? '' : " -p '*_test.py'";
  return `unittest discover${from}${named}`;
}
