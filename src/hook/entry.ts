/**
 * What is started for every hook: runs the bundle beside it, with the code that V8 has made of it before where this very Node built it. V8
 * refuses code of another version, of other flags or of a text of other length, and then reads the text as ever: two milliseconds later. Text and code
 * are built together, and whoever changes the text takes the code away.
 */

import { readFileSync } from 'node:fs';
import { Script } from 'node:vm';

const text = `${__dirname}/hook.main.cjs`;
const script = new Script(readFileSync(text, 'latin1'), { filename: text, cachedData: madeCode() });
const run = script.runInThisContext() as (filename: string, dirname: string, load: (url: string) => Promise<unknown>) => void;
// Code that was made before has forgotten who may import for it.
run(text, __dirname, (url) => import(url));

function madeCode(): Buffer | undefined {
  try {
    return readFileSync(`${__dirname}/hook.${process.version}-${process.platform}-${process.arch}.code`);
  } catch {
    return undefined;
  }
}
