/** Takes the lock again and again and shows when it is not alone in it. Arguments: common dir, milliseconds. Prints `n violations`. */

import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
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
  // Whole or not at all: a file that a killed process left half written would accuse the wrong one.
  const own = `${inside}.${process.pid}`;
  writeFileSync(own, JSON.stringify(markOf()));
  try {
    linkSync(own, inside);
  } catch {
    if (livingInside()) violations++;
    renameSync(own, inside);
  }
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 3));
  rmSync(inside, { force: true });
  lock.release();
}
console.log(`${taken} taken, ${violations} violations`);

/** True where the other one lives, or was here until just now. */
function livingInside(): boolean {
  try {
    return lives(JSON.parse(readFileSync(inside, 'utf8'))) === 'yes';
  } catch {
    return true;
  }
}
