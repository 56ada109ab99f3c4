/** Takes the lock again and again and shows when it is not alone in it. Arguments: common dir, milliseconds. Prints `n violations`. */

import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tryLock } from '../../src/store/lock.ts';
import { lives, markOf } from '../../src/store/process.ts';

const [commonDir = '', ms = '0'] = process.argv.slice(2);
const inside = join(commonDir, 'inside');
const until = Date.now() + Number(ms);
let taken = 0;
let violations = 0;
while (Date.now() < until) {
  const lock = tryLock(commonDir, 'test');
  if (!lock) {
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 3));
    continue;
  }
  taken++;
  try {
    writeFileSync(inside, JSON.stringify(markOf()), { flag: 'wx' });
  } catch {
    const other = JSON.parse(readFileSync(inside, 'utf8') || '{"pid":0,"start":null,"space":null}');
    if (lives(other) === 'yes') violations++;
    writeFileSync(inside, JSON.stringify(markOf()));
  }
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 3));
  rmSync(inside, { force: true });
  lock.release();
}
console.log(`${taken} taken, ${violations} violations`);
