// Assembles src/core/loose-object.wat into the module that the hooks hold as text. A test says when it has to be run again.
import { readFileSync, writeFileSync } from 'node:fs';
import wabt from 'wabt';

const source = new URL('../src/core/loose-object.wat', import.meta.url);
const { parseWat } = await wabt();
const { buffer } = parseWat('loose-object.wat', readFileSync(source, 'utf8')).toBinary({});
writeFileSync(
  new URL('loose-object.wasm.ts', source),
  `/** Made of loose-object.wat by scripts/assemble.mjs. */\nexport const WASM =\n  '${Buffer.from(buffer).toString('base64')}';\n`,
);
