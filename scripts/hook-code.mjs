// node hook-code.mjs <text> <code>: runs the hooks' bundle once on the path of an edit, and keeps what V8 has made of it by then. Run in a folder
// that looks like a repository in a session; the payload of the edit is on standard input.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Script } from 'node:vm';

const [text, code] = process.argv.slice(2);
const script = new Script(readFileSync(text, 'latin1'), { filename: text });
const keep = () => writeFileSync(code, script.createCachedData());
process.on('exit', keep);
// The bundle leaves by this where it has nothing to say, and nobody is told.
const leave = process.reallyExit;
process.reallyExit = (status) => {
  keep();
  leave.call(process, status);
};
process.argv = [process.argv[0], text, 'agent', 'claude', 'PostToolUse'];
script.runInThisContext()(text, dirname(text), (url) => import(url));
