/** Checks proposed from a project's own manifests. Pure: file texts in, proposals out. */

import { asObject, parseJson } from '../text/json.ts';

interface ProposedCheck {
  name: string;
  run: string;
}

export interface Proposal {
  setup: string | null;
  setup_inputs: string[];
  checks: ProposedCheck[];
}

/** Names that `detectChecks` wants to know: the texts of those that are there. */
export const MANIFESTS = [
  'package.json',
  'package-lock.json',
  'npm-shrinkwrap.json',
  'yarn.lock',
  'pnpm-lock.yaml',
  'bun.lock',
  'bun.lockb',
  'pyproject.toml',
  'pytest.ini',
  'uv.lock',
  'poetry.lock',
  'go.mod',
  'Cargo.toml',
] as const;

export type Manifests = ReadonlyMap<string, string>;

/** What could be run to check this project. The first language keeps the plain names `test` and `lint`. */
export function detectChecks(files: Manifests): Proposal {
  const proposal: Proposal = { setup: null, setup_inputs: [], checks: [] };
  for (const detect of [node, python, go, rust]) {
    const found = detect(files);
    if (!found) continue;
    proposal.setup ??= found.setup;
    proposal.setup_inputs.push(...found.setup_inputs);
    const taken = new Set(proposal.checks.map(({ name }) => name));
    for (const check of found.checks) {
      proposal.checks.push(taken.has(check.name) ? { ...check, name: `${found.language}-${check.name}` } : check);
    }
  }
  return proposal;
}

type Found = Proposal & { language: string };

const MANAGERS = [
  { lock: 'pnpm-lock.yaml', setup: 'pnpm install --frozen-lockfile', run: 'pnpm run' },
  { lock: 'yarn.lock', setup: 'yarn install --frozen-lockfile', run: 'yarn run' },
  { lock: 'bun.lock', setup: 'bun install --frozen-lockfile', run: 'bun run' },
  { lock: 'bun.lockb', setup: 'bun install --frozen-lockfile', run: 'bun run' },
  { lock: 'package-lock.json', setup: 'npm ci', run: 'npm run' },
  { lock: 'npm-shrinkwrap.json', setup: 'npm ci', run: 'npm run' },
];

function node(files: Manifests): Found | null {
  const manifest = asObject(parseJson(files.get('package.json') ?? ''));
  if (!manifest) return null;
  const scripts = asObject(manifest.scripts) ?? {};
  const manager = MANAGERS.find(({ lock }) => files.has(lock));
  const run = manager?.run ?? 'npm run';
  const checks = ['test', 'lint', 'typecheck'].flatMap((name) => {
    const script = scripts[name];
    // What `npm init` writes is no test.
    if (typeof script !== 'string' || !script.trim() || /no test specified/.test(script)) return [];
    return [{ name, run: name === 'test' ? `${run.split(' ')[0]} test` : `${run} ${name}` }];
  });
  const depends = ['dependencies', 'devDependencies'].some((field) => Object.keys(asObject(manifest[field]) ?? {}).length > 0);
  const setup = manager ? manager.setup : depends ? 'npm install --no-package-lock' : null;
  return { language: 'node', setup, setup_inputs: setup ? ['package.json', ...(manager ? [manager.lock] : [])] : [], checks };
}

function python(files: Manifests): Found | null {
  const text = files.get('pyproject.toml');
  const manifest = text ?? files.get('pytest.ini');
  if (manifest === undefined) return null;
  const tool = files.has('uv.lock') ? 'uv run ' : files.has('poetry.lock') ? 'poetry run ' : '';
  const setup = files.has('uv.lock') ? 'uv sync --frozen' : files.has('poetry.lock') ? 'poetry install' : null;
  const lock = files.has('uv.lock') ? 'uv.lock' : 'poetry.lock';
  const checks: ProposedCheck[] = [];
  if (files.has('pytest.ini') || /\bpytest\b/.test(manifest)) checks.push({ name: 'test', run: `${tool || 'python3 -m '}pytest` });
  if (/^\[tool\.ruff/m.test(manifest)) checks.push({ name: 'lint', run: `${tool}ruff check .` });
  return { language: 'python', setup, setup_inputs: setup ? ['pyproject.toml', lock] : [], checks };
}

function go(files: Manifests): Found | null {
  if (!files.has('go.mod')) return null;
  const checks = [
    { name: 'test', run: 'go test ./...' },
    { name: 'lint', run: 'go vet ./...' },
  ];
  return { language: 'go', setup: null, setup_inputs: [], checks };
}

function rust(files: Manifests): Found | null {
  if (!files.has('Cargo.toml')) return null;
  return { language: 'rust', setup: null, setup_inputs: [], checks: [{ name: 'test', run: 'cargo test' }] };
}
