/** What V8 has made of the hooks' bundle before is taken where it fits, and changes nothing where it does not. */

import { cpSync, existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readJournal } from '../../src/store/journal.ts';
import { DIST, makeRepo, run, tempDir } from '../support/repo.ts';
import { startSession } from '../support/started.ts';

const CODE = `hook.${process.version}-${process.platform}-${process.arch}.code`;
const TAKEN = `const { Script } = require('node:vm'); const read = require('node:fs').readFileSync;
const script = new Script(read('hook.main.cjs', 'latin1'), { cachedData: read(${JSON.stringify(CODE)}) });
console.log(script.cachedDataRejected);`;

const STATES: { state: string; change?: (code: string, dir: string) => void; flags?: string[] }[] = [
  { state: 'as built' },
  { state: 'none', change: (code) => rmSync(code) },
  { state: 'empty', change: (code) => writeFileSync(code, '') },
  { state: 'cut short', change: (code) => truncateSync(code, 20_000) },
  { state: 'of no V8', change: (code) => writeFileSync(code, 'x'.repeat(20_000)) },
  { state: 'of another text', change: (_, dir) => writeFileSync(join(dir, 'hook.main.cjs'), `${read(dir)}\n`) },
  { state: 'for other flags', flags: ['--no-opt', '--max-lazy'] },
];

const read = (dir: string) => readFileSync(join(dir, 'hook.main.cjs'), 'latin1');

test('an edit is recorded the same with code that was made before, without it, and with code that does not fit', async () => {
  const repo = makeRepo({ files: { 'src/a.js': '1\n' } });
  const { id } = await startSession(repo, 'auth-system');
  const edit = { session_id: 'c1', cwd: repo.dir, hook_event_name: 'PostToolUse', tool_name: 'Write' };
  const input = JSON.stringify({ ...edit, tool_input: { file_path: join(repo.dir, 'src/a.js'), content: 'x' } });
  const rejected: string[] = [];
  for (const [n, { state, change, flags = [] }] of STATES.entries()) {
    const dir = tempDir('gs-code-');
    for (const name of ['hook.cjs', 'hook.main.cjs', 'gate.cjs', CODE]) cpSync(join(DIST, name), join(dir, name));
    change?.(join(dir, CODE), dir);
    repo.write('src/a.js', `${n}\n`);
    const ran = await run(process.execPath, [...flags, join(dir, 'hook.cjs'), 'agent', 'claude', 'PostToolUse'], { cwd: repo.dir, input });
    expect(ran, state).toEqual({ code: 0, out: '', err: '' });
    const last = readJournal(join(repo.dir, '.git'), id).records.at(-1);
    const blob = repo.git('hash-object', 'src/a.js');
    expect(last, state).toMatchObject({ kind: 'file.edited', data: { path: 'src/a.js', blob } });
    expect(repo.git('cat-file', '-p', blob), state).toBe(`${n}`);
    expect(existsSync(join(repo.dir, '.git/git-session/errors.jsonl')), state).toBe(false);
    if (!existsSync(join(dir, CODE))) continue;
    rejected.push((await run(process.execPath, [...flags, '-e', TAKEN], { cwd: dir })).out.trim());
  }
  expect(rejected).toEqual(['false', 'true', 'true', 'true', 'true', 'true']);
});
