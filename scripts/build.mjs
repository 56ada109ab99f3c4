// Builds dist/: the CLI's entry and its fast commands as CommonJS, the rest of it as lazily loaded chunks of ESM, and the hook as two lean CommonJS files.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { notices } from './notices.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = process.env.GIT_SESSION_DIST ?? join(root, 'dist');
const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
/** JSON is read faster than a program. */
const literal = (value) => `JSON.parse('${JSON.stringify(value).replaceAll('\\', '\\\\').replaceAll("'", "\\'")}')`;
/** Modules of constants that take long to work out: what they export is worked out here, once. */
const computed = {
  name: 'computed',
  setup(b) {
    b.onLoad({ filter: /[/\\]core[/\\]fit[/\\](thesaurus-files|common-words)\.ts$/ }, async ({ path }) => {
      const { outputFiles } = await build({ entryPoints: [path], bundle: true, platform: 'node', format: 'esm', write: false });
      const constants = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
      const lines = Object.entries(constants).map(([name, value]) => `export const ${name} = ${literal(value)};`);
      return { contents: lines.join('\n') };
    });
  },
};
const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  minify: true,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
  define: { GIT_SESSION_VERSION: JSON.stringify(version), 'process.env.NODE_ENV': '"production"' },
  plugins: [computed],
};

/** The commands that are called all the time: with all they need at once in one file each. */
const FAST = [
  'src/cli/commands/start.ts',
  'src/cli/commands/status.ts',
  'src/cli/commands/memory-search.ts',
  'src/cli/commands/memory-store.ts',
  'src/cli/commands/memory-get.ts',
  'src/cli/commands/hooks-pre-task.ts',
  'src/cli/commands/hooks-post-edit.ts',
  'src/cli/commands/hooks-post-task.ts',
];

// Bundled CommonJS packages call require().
const requireBanner = "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });

// ink asks for react-devtools-core only in development; bundled ESM must not import it.
const stub = {
  name: 'no-devtools',
  setup(b) {
    b.onResolve({ filter: /^react-devtools-core$/ }, () => ({ path: 'react-devtools-core', namespace: 'stub' }));
    b.onLoad({ filter: /.*/, namespace: 'stub' }, () => ({ contents: 'export default { connectToDevTools() {}, initialize() {} };' }));
  },
};

const inPackage = {
  ...common,
  external: ['husky'],
  plugins: [computed, stub],
  jsx: 'automatic',
};
const cli = await build({
  ...inPackage,
  entryPoints: { cli: 'src/cli/main.ts', chat: 'src/chat/main.ts', index: 'src/library/index.ts' },
  outdir: dist,
  outExtension: { '.js': '.mjs' },
  chunkNames: 'chunks/[name]-[hash]',
  format: 'esm',
  splitting: true,
  banner: { js: requireBanner },
});
const chunkOf = (source) => Object.keys(cli.metafile.outputs).find((name) => cli.metafile.outputs[name].entryPoint === source) ?? '';
const nameOf = (source) => basename(source, '.ts');
const fast = await commonJs(Object.fromEntries(FAST.map((source) => [nameOf(source), source])), 'chunks');
const entry = await commonJs({ cli: 'src/cli/main.ts' }, '.', '#!/usr/bin/env node');
await chmod(join(dist, 'cli.cjs'), 0o755);
// The fast commands' own chunks stay: what asks about every command (completion) loads them as such.
await rm(join(root, chunkOf('src/cli/main.ts')));

// The library's types are a file of declarations: it is its own declaration file.
await cp(join(root, 'src/library/types.ts'), join(dist, 'index.d.mts'));

/**
 * Builds sources as CommonJS, into a folder of dist: Node's loader of ES modules takes 5 ms, and each file half a one. What they load
 * later is a file of these, or a chunk of the CLI.
 */
function commonJs(entryPoints, folder, start = '') {
  const outdir = join(dist, folder);
  const from = (path) => `./${relative(outdir, path).replaceAll('\\', '/')}`.replace('./../', '../');
  const loadsLater = {
    name: 'loads-later',
    setup(b) {
      b.onResolve({ filter: /^[^:]*$/ }, async (a) => {
        if (a.kind !== 'dynamic-import' || a.pluginData) return undefined;
        const found = await b.resolve(a.path, { kind: a.kind, resolveDir: a.resolveDir, pluginData: true });
        const source = relative(root, found.path).replaceAll('\\', '/');
        if (FAST.includes(source)) return { path: from(join(dist, 'chunks', `${nameOf(source)}.cjs`)), namespace: 'fast' };
        const chunk = chunkOf(source);
        if (chunk === '') throw new Error(`${source} has no chunk of its own`);
        return { path: from(join(root, chunk)), external: true };
      });
      // As import() it would go through the loader that is to be spared.
      b.onLoad({ filter: /.*/, namespace: 'fast' }, (a) => ({ contents: `module.exports = require(${JSON.stringify(a.path)});` }));
      b.onResolve({ filter: /.*/, namespace: 'fast' }, (a) => ({ path: a.path, external: true }));
    },
  };
  return build({
    ...inPackage,
    entryPoints,
    outdir,
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
    define: { ...common.define, 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename' },
    banner: { js: start },
    // Says what it is: publint takes the command "memory import" in it for a statement of ESM.
    ...(start === '' ? {} : { footer: { js: 'module.exports = {};' } }),
    plugins: [computed, stub, loadsLater],
  });
}

// A build elsewhere takes along what it finds beside dist/ in the package.
if (process.env.GIT_SESSION_DIST) {
  for (const folder of ['hooks', 'templates', 'node_modules/husky']) await cp(join(root, folder), join(dist, folder), { recursive: true });
}

// The built-ins are all that the hooks load, and asking the process for them takes half the time.
const BUILT_INS = 'require=process.getBuiltinModule;';
const hook = await build({
  ...common,
  entryPoints: { hook: 'src/hook/entry.ts', gate: 'src/hook/gate.ts' },
  outdir: dist,
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
  banner: { js: BUILT_INS },
});
const hookMain = await build({
  ...common,
  entryPoints: { 'hook.main': 'src/hook/main.ts' },
  outdir: dist,
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
  banner: { js: `(function(__filename,__dirname,loadModule){let ${BUILT_INS}` },
  footer: { js: '})' },
});
await keepCode();
await writeFile(join(dist, 'THIRD-PARTY-NOTICES.txt'), notices(root, Object.keys(cli.metafile.inputs)));
// Kept beside the bundles for the test of the import rule and for the bench.
await writeFile(
  join(dist, 'meta.json'),
  JSON.stringify({
    cli: cli.metafile,
    fast: { outputs: { ...fast.metafile.outputs, ...entry.metafile.outputs } },
    hook: {
      inputs: { ...hook.metafile.inputs, ...hookMain.metafile.inputs },
      outputs: { ...hook.metafile.outputs, ...hookMain.metafile.outputs },
    },
  }),
);

// The manual page and the schemas come from the command table, so that they cannot fall behind.
const made = join(dist, 'made.tmp.mjs');
await build({
  ...common,
  stdin: {
    contents: "export { manPage } from './src/cli/man.ts'; export { publishedSchemas } from './src/cli/published-schemas.ts';",
    resolveDir: root,
    loader: 'ts',
  },
  outfile: made,
  format: 'esm',
  external: ['husky'],
  plugins: [computed, stub],
  jsx: 'automatic',
  banner: { js: requireBanner },
});
const { manPage, publishedSchemas } = await import(made);
await rm(made);
await writeFile(join(dist, 'git-session.1'), await manPage(version));
await mkdir(join(dist, 'schemas'));
for (const { name, title, schema } of await publishedSchemas()) {
  await writeFile(join(dist, 'schemas', `${name}.schema.json`), `${JSON.stringify({ title, ...schema }, null, 2)}\n`);
}

/** What this Node makes of the hooks' bundle where it records an edit, so that the next one need not: see src/hook/entry.ts. */
async function keepCode() {
  const dir = await mkdtemp(join(tmpdir(), 'git-session-build-'));
  try {
    await mkdir(join(dir, '.git', 'objects'), { recursive: true });
    await writeFile(join(dir, '.git', 'HEAD'), 'ref: refs/heads/session/20260101-000000-build\n');
    await writeFile(join(dir, '.git', 'config'), '[core]\n');
    const file = join(dir, 'edited.js');
    await writeFile(file, '1\n');
    const edit = {
      session_id: 'build',
      cwd: dir,
      hook_event_name: 'PostToolUse',
      tool_name: 'Write',
      tool_input: { file_path: file, content: '1' },
    };
    const code = join(dist, `hook.${process.version}-${process.platform}-${process.arch}.code`);
    const made = spawnSync(process.execPath, [join(root, 'scripts/hook-code.mjs'), join(dist, 'hook.main.cjs'), code], {
      cwd: dir,
      env: { ...process.env, NODE_OPTIONS: '' },
      input: JSON.stringify(edit),
      encoding: 'utf8',
    });
    if (made.status !== 0 || !existsSync(code)) throw new Error(`no code was made of the hooks' bundle: ${made.stderr}`);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
