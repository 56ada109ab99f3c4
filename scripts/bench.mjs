// npm run bench: each figure of the latency contract, beside bare node and bare git in the same run.
// Prints medians of whole processes in milliseconds. It states; it does not judge by exit code. `--full` builds the large fixtures.
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { FIGURES } from './bench/figures.mjs';

const full = process.argv.includes('--full');
const only = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const git = execFileSync('git', ['--version'], { encoding: 'utf8' }).trim();
console.log(`node ${process.version}, ${git}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, ${process.platform}`);
console.log('medians of whole processes, in ms unless a unit is named; ours and the baseline ran in turn\n');
const widths = [58, 9, 34, 9, 26];
const row = (cells) =>
  console.log(
    cells
      .map((cell, i) => String(cell).padEnd(widths[i]))
      .join('  ')
      .trimEnd(),
  );
row(['what', 'ours', 'baseline', 'over', 'at most']);
row(widths.map((width) => '-'.repeat(width)));

const shown = (value) => (typeof value === 'number' ? value.toFixed(value < 100 ? 1 : 0) : value);
const results = [];
for (const figure of FIGURES) {
  if (only.length > 0 && !only.some((word) => figure.what.includes(word))) continue;
  process.stderr.write(`… ${figure.what}\r`);
  let result;
  try {
    result = await figure.measure({ full });
  } catch (error) {
    result = { ours: 'failed', baseline: String(error.message).split('\n')[0].slice(0, 80), over: '', limit: figure.atMost };
  }
  process.stderr.write(`${' '.repeat(80)}\r`);
  results.push({ what: figure.what, ...result, at_most: figure.atMost });
  row([
    result.what ?? figure.what,
    shown(result.ours),
    result.baseline,
    shown(result.over ?? ''),
    `${figure.atMost}${result.met === undefined ? '' : result.met ? '  met' : '  NOT MET'}`,
  ]);
}

const out = process.argv.find((word) => word.startsWith('--out='))?.slice('--out='.length);
if (out) {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  writeFileSync(out, `${JSON.stringify({ version, node: process.version, git, results }, null, 2)}\n`);
}
