/** Keeps the arrows of the code: chat -> cli, hook, mcp, tui -> closeout -> lifecycle -> trust -> store, git, agents -> core. */

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DIST, ROOT } from '../support/repo.ts';

/** Height of each room: an import may only go to a lower one, or stay in the room. */
const HEIGHT: Record<string, number> = {
  core: 0,
  store: 1,
  git: 1,
  trust: 2,
  lifecycle: 3,
  closeout: 4,
  undo: 5,
  agents: 1,
  tui: 5,
  mcp: 5,
  library: 5,
  hook: 6,
  cli: 6,
  chat: 7,
};

/** Same-height arrows that are wanted, with the reason. */
const ALLOWED = new Set(['store -> git/locate.ts']);

const SRC = join(ROOT, 'src');

function sources(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(SRC, join(entry.parentPath, entry.name)));
}

function imports(file: string): string[] {
  const text = readFileSync(join(SRC, file), 'utf8');
  return [...text.matchAll(/\b(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => match[1] ?? '');
}

const room = (file: string) => file.split('/')[0] ?? '';

describe('the layers', () => {
  const files = sources(SRC);

  test('every source file lies in a known room', () => {
    expect(files.length).toBeGreaterThan(20);
    expect(files.filter((file) => HEIGHT[room(file)] === undefined)).toEqual([]);
  });

  test('imports go down only', () => {
    const wrong: string[] = [];
    for (const file of files) {
      for (const target of imports(file)) {
        if (!target.startsWith('.')) continue;
        const to = normalize(join(dirname(file), target));
        const [here, there] = [room(file), room(to)];
        if (here === there || ALLOWED.has(`${here} -> ${to}`)) continue;
        if ((HEIGHT[there] ?? 99) >= (HEIGHT[here] ?? -1)) wrong.push(`${file} -> ${to}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  test('no files import each other in a circle', () => {
    // `import()` is how the command table finds its commands: loaded when asked for, it ties no knot.
    const needs = new Map(
      files.map((file) => [
        file,
        [...readFileSync(join(SRC, file), 'utf8').matchAll(/^(?:import|export|\})[^;']*? from '(\.[^']+)'/gm)].map((match) =>
          normalize(join(dirname(file), match[1] ?? '')),
        ),
      ]),
    );
    expect([...needs.values()].flat().length).toBeGreaterThan(2 * files.length);
    // What needs nothing that is left is taken away; what stays is in a circle or needs one.
    let left = files;
    for (let before = -1; before !== left.length; ) {
      before = left.length;
      const names = new Set(left);
      left = left.filter((file) => needs.get(file)?.some((to) => names.has(to)));
    }
    expect(left).toEqual([]);
  });

  test('core does no I/O: only pure node modules, no clock, no process', () => {
    const wrong: string[] = [];
    for (const file of files.filter((name) => room(name) === 'core')) {
      for (const target of imports(file)) if (!target.startsWith('.')) wrong.push(`${file} imports ${target}`);
      const text = readFileSync(join(SRC, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
      for (const word of ['Date.now(', 'new Date()', 'process.', 'Math.random('])
        if (text.includes(word)) wrong.push(`${file} uses ${word}`);
    }
    expect(wrong).toEqual([]);
  });

  test('git is started in src/git and by the hook\u2019s one spawn door only', () => {
    const wrong = files.filter((file) => {
      if (room(file) === 'git' || file === 'hook/spawn.ts') return false;
      const text = readFileSync(join(SRC, file), 'utf8');
      return /\b(execa|spawn|spawnSync|execFile|execFileSync)\(\s*'git'/.test(text) || /from 'simple-git'/.test(text);
    });
    expect(wrong).toEqual([]);
  });

  test('nothing builds a shell command from text', () => {
    const wrong = files.filter((file) => /shell:\s*true|\bexecSync\(|\bexec\(\s*`/.test(readFileSync(join(SRC, file), 'utf8')));
    expect(wrong).toEqual([]);
  });
});

describe('the CLI bundle', () => {
  type Output = { entryPoint?: string; inputs: Record<string, unknown>; imports: { path: string; kind: string }[] };
  const { outputs } = (JSON.parse(readFileSync(join(DIST, 'meta.json'), 'utf8')) as { cli: { outputs: Record<string, Output> } }).cli;

  /** What a file loads before anything is asked of it. */
  function loaded(path: string, seen = new Set<string>()): Set<string> {
    if (seen.has(path)) return seen;
    seen.add(path);
    for (const { path: target, kind } of outputs[path]?.imports ?? []) if (kind === 'import-statement') loaded(target, seen);
    return seen;
  }

  test('the MCP package is loaded by the server alone, and ink by no server and no library', () => {
    const holds = (entry: string, name: string) => {
      const path = Object.keys(outputs).find((one) => outputs[one]?.entryPoint === entry);
      expect(path, entry).toBeDefined();
      return [...loaded(path ?? '')].some((one) => Object.keys(outputs[one]?.inputs ?? {}).some((input) => input.includes(name)));
    };
    const entries = Object.values(outputs).flatMap(({ entryPoint }) => entryPoint ?? []);
    expect(entries.filter((entry) => holds(entry, 'node_modules/@modelcontextprotocol/')).sort()).toEqual([
      'src/mcp/serve.ts',
      'src/mcp/server.ts',
    ]);
    for (const entry of ['src/mcp/serve.ts', 'src/library/index.ts']) expect(holds(entry, 'node_modules/ink/')).toBe(false);
    expect(holds('src/library/index.ts', 'node_modules/')).toBe(false);
  });
});

describe('the fast commands', () => {
  type Output = { bytes: number; inputs: Record<string, unknown>; imports: { path: string; kind: string; external?: boolean }[] };
  const { outputs } = (JSON.parse(readFileSync(join(DIST, 'meta.json'), 'utf8')) as { fast: { outputs: Record<string, Output> } }).fast;
  const at = (name: string) => outputs[Object.keys(outputs).find((path) => path.endsWith(`/${name}.cjs`)) ?? ''];

  test('hold what the build worked out of the thesaurus, not what it was worked out of', () => {
    const inputs = Object.keys(at('hooks-pre-task')?.inputs ?? {});
    expect(inputs.filter((input) => input.startsWith('src/core/fit/words/'))).toEqual([]);
    expect(inputs).toContain('src/core/fit/thesaurus-files.ts');
  });

  test('of those that agents call most each is one lean file without any npm package', () => {
    const limits = {
      cli: 17,
      'hooks-pre-task': 150,
      'hooks-post-task': 120,
      'hooks-post-edit': 56,
      'memory-store': 48,
      'memory-get': 60,
      'memory-search': 60,
    };
    for (const [name, most] of Object.entries(limits)) {
      const file = at(name);
      expect(Object.keys(file?.inputs ?? {}).length, name).toBeGreaterThan(3);
      expect(file?.bytes, name).toBeLessThan(most * 1000);
      expect(
        Object.keys(file?.inputs ?? {}).filter((path) => path.includes('node_modules')),
        name,
      ).toEqual([]);
    }
  });

  test('load nothing but node at once, and one another by require', () => {
    const loaded = (name: string, kind: string) => at(name)?.imports.flatMap((one) => (one.kind === kind ? [one.path] : [])) ?? [];
    for (const path of Object.keys(outputs)) {
      const name = path.split('/').pop()?.replace('.cjs', '') ?? '';
      const chunks = loaded(name, 'require-call').filter((target) => target.startsWith('.'));
      expect(name === 'cli' ? chunks.every((target) => /^\.\/chunks\/[\w-]+\.cjs$/.test(target)) : chunks, path).toEqual(
        name === 'cli' ? true : [],
      );
    }
    expect(loaded('cli', 'require-call')).toContain('./chunks/memory-store.cjs');
    expect(loaded('cli', 'dynamic-import').some((target) => target.includes('memory-store'))).toBe(false);
  });
});

test('what is loaded at each call is ASCII: one letter that is not doubles what V8 reads', () => {
  const files = [
    'cli.cjs',
    'hook.cjs',
    'hook.main.cjs',
    'gate.cjs',
    ...readdirSync(join(DIST, 'chunks'))
      .filter((name) => name.endsWith('.cjs'))
      .map((name) => `chunks/${name}`),
  ];
  expect(files.length).toBeGreaterThan(8);
  expect(files.filter((name) => readFileSync(join(DIST, name)).some((byte) => byte > 127))).toEqual([]);
});

describe('the hook bundle', () => {
  const meta = JSON.parse(readFileSync(join(DIST, 'meta.json'), 'utf8')) as {
    hook: { inputs: Record<string, unknown>; outputs: Record<string, { bytes: number; inputs: Record<string, unknown> }> };
  };

  test('holds no npm package and only the rooms of the hot path', () => {
    const inputs = Object.keys(meta.hook.inputs);
    expect(inputs.length).toBeGreaterThan(3);
    expect(inputs.filter((path) => path.includes('node_modules'))).toEqual([]);
    const rooms = new Set(inputs.map((path) => room(relative('src', path))));
    for (const name of rooms) expect(['hook', 'core', 'store', 'agents', 'git']).toContain(name);
    expect(inputs.filter((path) => path.startsWith('src/git/') && path !== 'src/git/locate.ts')).toEqual([]);
  });

  test('is two lean files and their entry: what records an edit holds nothing that judges one', () => {
    const { outputs } = meta.hook;
    expect(Object.keys(outputs).map((path) => path.split('/').pop())).toEqual(['hook.cjs', 'gate.cjs', 'hook.main.cjs']);
    for (const [path, { bytes, inputs }] of Object.entries(outputs)) {
      expect(bytes).toBeLessThan(60_000);
      const judges = Object.keys(inputs).some((input) => /core\/(?:secrets|routing\/routing)/.test(input));
      expect(judges, path).toBe(path.endsWith('gate.cjs'));
    }
  });
});
