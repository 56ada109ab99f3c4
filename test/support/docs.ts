/**
 * Runs the console blocks of a document and compares what they print with what the document says.
 * A block counts where the line before it is `<!-- run -->`; `<!-- run: quiet -->` runs without comparing.
 * Blocks of one document share one repository, in order. UPDATE_DOCS=1 writes the real output into the document instead.
 */

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { CLI, makeSshKey, ROOT, run, tempDir } from './repo.ts';

const MARK = '@@ended ';
const BLOCK = /(<!-- run(: quiet)? -->\n```console\n)([\s\S]*?)(\n```)/g;

/** What differs from run to run, made alike: dates, object ids, durations, sizes, temporary paths, key fingerprints, writers. */
export function normalise(text: string, home: string, ids: StandIns): string {
  return text
    .replaceAll(home, '/home/you')
    .replace(/\d{8}-\d{6}/g, '20261122-101500')
    .replace(/\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})/g, '2026-11-22T10:15:00Z')
    .replace(/\d{4}-\d{2}-\d{2} \d{2}:\d{2}(:\d{2})?/g, '2026-11-22 10:15')
    .replace(/\d{4}-\d{2}-\d{2}/g, '2026-11-22')
    .replace(/\/[0-9a-z]{12}(\.\d+\.jsonl)/g, '/w5k2q8x0a1bc$1')
    .replace(/SHA256:[A-Za-z0-9+/]{43}/g, 'SHA256:4fEw3yFJ0cXb2mXKqJ8QnGkq7C0a9n4bTtqkC0yZ2hE')
    .replace(/\b(?:[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{7,12})\b/g, (id) => (/^\d{8}$/.test(id) ? id : ids.of(id)))
    .replace(/\b\d+(\.\d+)? ?ms\b/g, '120 ms')
    .replace(/\b\d+\.\d+ ?s\b/g, '0.4 s')
    .replace(/\b\d+ seconds?\b/g, '2 seconds')
    .replace(/\b\d+(\.\d+)? minutes\b/g, '1.5 minutes')
    .replace(/\d+(\.\d+)? active/g, '1.5 active')
    .replace(/\b\d+(\.\d+)? [KM]B\b/g, '72 KB')
    .replace(/[ \t]+$/gm, '');
}

/** Object ids by the order in which they appear: the same id, long or short, gets the same stand-in, and two never share one. */
export class StandIns {
  readonly #seen = new Map<string, string>();

  of(id: string): string {
    const start = id.slice(0, 7);
    const standIn =
      this.#seen.get(start) ??
      createHash('sha256')
        .update(`object ${this.#seen.size + 1}`)
        .digest('hex');
    this.#seen.set(start, standIn);
    return standIn.slice(0, id.length);
  }
}

/** Runs the document's blocks; fails the test at the first that prints something else. */
export async function checkDocument(file: string): Promise<void> {
  const path = join(ROOT, file);
  let text = readFileSync(path, 'utf8');
  const home = tempDir('gs-doc-');
  const [bin, project] = [join(home, 'bin'), join(home, 'shop')];
  for (const dir of [bin, project]) mkdirSync(dir);
  symlinkSync(CLI, join(bin, 'git-session'));
  mkdirSync(join(home, '.ssh'));
  makeSshKey(join(home, '.ssh'));
  const env = { HOME: home, PATH: `${bin}:${process.env.PATH}`, COLUMNS: '100' };
  execFileSync('git', ['init', '-q', '-b', 'main', project]);
  writeFileSync(
    join(project, 'package.json'),
    '{ "name": "shop", "private": true, "type": "module", "scripts": { "test": "node --test" } }\n',
  );
  mkdirSync(join(project, 'test'));
  writeFileSync(join(project, 'prices.js'), 'export const total = (prices) => prices.reduce((sum, price) => sum + price, 0);\n');
  writeFileSync(
    join(project, 'test', 'prices.test.js'),
    "import assert from 'node:assert/strict';\nimport { test } from 'node:test';\nimport { total } from '../prices.js';\n\ntest('adds up', () => assert.equal(total([1, 2]), 3));\n",
  );
  execFileSync('git', ['add', '.'], { cwd: project });
  execFileSync('git', ['commit', '-q', '-m', 'A shop'], { cwd: project });

  const [printedIds, shownIds] = [new StandIns(), new StandIns()];
  const blocks = [...text.matchAll(BLOCK)];
  expect(blocks.length, `${file} has console blocks to run`).toBeGreaterThan(0);
  for (const [whole, head = '', quiet, body = '', tail = ''] of blocks) {
    const asked = body.split('\n').filter((line) => line.startsWith('$ '));
    // One shell for a block, so that what it exports holds; a mark after each command parts what they print.
    const script = asked.map((line) => `${line.slice(2)}\necho "${MARK}$?"`).join('\n');
    const ran = await run('sh', ['-c', `exec 2>&1\n${script}`], { cwd: project, env });
    const parts = ran.out.split(new RegExp(`${MARK}(\\d+)\\n`));
    let printed = '';
    asked.forEach((line, i) => {
      const said = parts[i * 2] ?? '';
      if (!quiet) printed += `${line}\n${normalise(said, home, printedIds)}`;
      expect.soft(parts[i * 2 + 1], `${line}\n${said}`).toBe('0');
    });
    if (quiet) continue;
    if (process.env.UPDATE_DOCS) text = text.replace(whole, () => head + printed.trimEnd() + tail);
    else expect(normalise(body, home, shownIds).trimEnd()).toBe(printed.trimEnd());
  }
  if (process.env.UPDATE_DOCS) writeFileSync(path, text);
}

/** Compares a block of a document, marked `<!-- screen: <name> -->`, with what stands on a terminal. UPDATE_DOCS=1 writes it instead. */
export function checkScreen(file: string, name: string, screen: string): void {
  const path = join(ROOT, file);
  const text = readFileSync(path, 'utf8');
  const block = new RegExp(`(<!-- screen: ${name} -->\\n\`\`\`text\\n)([\\s\\S]*?)(\\n\`\`\`)`);
  const [whole, head = '', body = '', tail = ''] = block.exec(text) ?? [];
  expect(whole, `${file} has a screen ${name}`).toBeDefined();
  const shown = normalise(screen, '/home/you', new StandIns()).replace(/\d+ more/, '9 more');
  if (process.env.UPDATE_DOCS)
    writeFileSync(
      path,
      text.replace(whole ?? '', () => head + shown + tail),
    );
  else expect(body).toBe(shown);
}
