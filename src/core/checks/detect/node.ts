/** The scripts of a package.json, run by the package manager of its lock file. Pure. */

import { asObject, parseJson } from '../../text/json.ts';
import type { Project, Proposal } from './project.ts';

const MANAGERS = [
  { lock: 'pnpm-lock.yaml', setup: 'pnpm install --frozen-lockfile', run: 'pnpm run' },
  { lock: 'yarn.lock', setup: 'yarn install --frozen-lockfile', run: 'yarn run' },
  { lock: 'bun.lock', setup: 'bun install --frozen-lockfile', run: 'bun run' },
  { lock: 'bun.lockb', setup: 'bun install --frozen-lockfile', run: 'bun run' },
  { lock: 'package-lock.json', setup: 'npm ci', run: 'npm run' },
  { lock: 'npm-shrinkwrap.json', setup: 'npm ci', run: 'npm run' },
];

export function node({ paths, texts }: Project): Proposal | null {
  const manifest = asObject(parseJson(texts.get('package.json') ?? ''));
  if (!manifest) return null;
  const scripts = asObject(manifest.scripts) ?? {};
  const manager = MANAGERS.find(({ lock }) => paths.includes(lock));
  const run = manager?.run ?? 'npm run';
  const checks = ['test', 'lint', 'typecheck'].flatMap((name) => {
    const script = scripts[name];
    // What `npm init` writes is no test.
    if (typeof script !== 'string' || !script.trim() || /no test specified/.test(script)) return [];
    return [{ name, run: name === 'test' ? `${run.split(' ')[0]} test` : `${run} ${name}` }];
  });
  const depends = ['dependencies', 'devDependencies'].some((field) => Object.keys(asObject(manifest[field]) ?? {}).length > 0);
  const setup = manager ? manager.setup : depends ? 'npm install --no-package-lock' : null;
  return { setup, setup_inputs: setup ? ['package.json', ...(manager ? [manager.lock] : [])] : [], checks };
}
