// Builds dist/: the CLI as ESM with lazily loaded chunks, and the hook as one lean CommonJS file.
import { chmod, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = process.env.GIT_SESSION_DIST ?? join(root, 'dist');
const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
const common = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20.19',
  minify: true,
  legalComments: 'linked',
  metafile: true,
  logLevel: 'warning',
  define: { GIT_SESSION_VERSION: JSON.stringify(version), 'process.env.NODE_ENV': '"production"' },
};

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
  entryPoints: { cli: 'src/cli/main.ts' },
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
const cliFile = join(dist, 'cli.mjs');
await writeFile(cliFile, `#!/usr/bin/env node\n${await readFile(cliFile, 'utf8')}`);
await chmod(cliFile, 0o755);

// The sh hooks lie beside the bundle wherever it was built.
await cp(join(root, 'hooks'), join(dist, 'hooks'), { recursive: true });

const hook = await build({
  ...common,
  entryPoints: { hook: 'src/hook/main.ts' },
  outdir: dist,
  outExtension: { '.js': '.cjs' },
  format: 'cjs',
});
// Kept beside the bundles for the test of the import rule and for the bench.
await writeFile(join(dist, 'meta.json'), JSON.stringify({ cli: cli.metafile, hook: hook.metafile }));

// The manual page comes from the command table, so that it cannot fall behind.
const man = join(dist, 'man.tmp.mjs');
await build({
  ...common,
  entryPoints: ['src/cli/man.ts'],
  outfile: man,
  format: 'esm',
  external: ['husky'],
  plugins: [stub],
  jsx: 'automatic',
  banner: { js: requireBanner },
});
const { manPage } = await import(man);
await writeFile(join(dist, 'git-session.1'), await manPage(version));
await rm(man);
