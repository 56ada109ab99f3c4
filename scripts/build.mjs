// Builds dist/: the CLI as ESM with lazily loaded chunks, and the hook as two lean CommonJS files.
import { chmod, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { notices } from './notices.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = process.env.GIT_SESSION_DIST ?? join(root, 'dist');
const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
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
};

/** What every command loads, and the commands that are called all the time. */
const FAST = [
  'src/cli/main.ts',
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

const cli = await build({
  ...common,
  entryPoints: { cli: 'src/cli/main.ts', chat: 'src/chat/main.ts', index: 'src/library/index.ts' },
  outdir: dist,
  outExtension: { '.js': '.mjs' },
  chunkNames: 'chunks/[name]-[hash]',
  format: 'esm',
  splitting: true,
  external: ['husky'],
  plugins: [stub],
  jsx: 'automatic',
  banner: { js: requireBanner },
});
for (const source of FAST) await fuse(cli.metafile.outputs, source);
const cliFile = join(dist, 'cli.mjs');
await writeFile(cliFile, `#!/usr/bin/env node\n${await readFile(cliFile, 'utf8')}`);
await chmod(cliFile, 0o755);

// The library's types are a file of declarations: it is its own declaration file.
await cp(join(root, 'src/library/types.ts'), join(dist, 'index.d.mts'));

/** Rewrites a built file so that it holds the small chunks it needs at once: each file costs half a millisecond to load. */
async function fuse(outputs, source) {
  const path = Object.keys(outputs).find((name) => outputs[name].entryPoint === source);
  if (!path) throw new Error(`${source} has no file of its own`);
  const file = join(root, path);
  const lazyStaysApart = {
    name: 'lazy-stays-apart',
    setup(b) {
      b.onResolve({ filter: /^\./ }, (a) => {
        if (a.kind !== 'dynamic-import') return undefined;
        // Said from the file that all of it goes into: the chunk that says it may lie in another folder.
        return { path: `./${relative(dirname(file), join(a.resolveDir, a.path)).replaceAll('\\', '/')}`, external: true };
      });
    },
  };
  await build({
    ...common,
    entryPoints: [file],
    outfile: file,
    allowOverwrite: true,
    format: 'esm',
    legalComments: 'none',
    plugins: [lazyStaysApart],
  });
}

// A build elsewhere takes along what it finds beside dist/ in the package.
if (process.env.GIT_SESSION_DIST) {
  for (const folder of ['hooks', 'templates', 'node_modules/husky']) await cp(join(root, folder), join(dist, folder), { recursive: true });
}

const hook = await build({
  ...common,
  entryPoints: { hook: 'src/hook/main.ts', gate: 'src/hook/gate.ts' },
  outdir: dist,
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
  // The built-ins are all that these load, and asking the process for them takes half the time.
  banner: { js: 'require=process.getBuiltinModule;' },
});
await writeFile(join(dist, 'THIRD-PARTY-NOTICES.txt'), notices(root, Object.keys(cli.metafile.inputs)));
// Kept beside the bundles for the test of the import rule and for the bench.
await writeFile(join(dist, 'meta.json'), JSON.stringify({ cli: cli.metafile, hook: hook.metafile }));

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
  plugins: [stub],
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
