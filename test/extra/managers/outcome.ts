/** What a command left and what was seen of it, in words that do not depend on where it ran. */

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../support/repo.ts';
import type { Arena } from './arena.ts';
import { LEFTHOOK, PATH } from './installed.ts';
import { git, type Operation } from './operations.ts';

export interface Outcome {
  code: number;
  /** What the person's hooks were given, in order: arguments, standard input, message, index, environment. */
  hooks: string;
  /** What the person sees, without the lines that are ours, and without empty ones. */
  out: string[];
  err: string[];
  index: string;
  dirty: string;
  author: string;
  moved: boolean;
}

/** Little, so that a difference is seen: what a person's shell has, and what keeps tests apart from this machine. */
const KEPT = /^(HOME|TMPDIR|GIT_.*|LC_ALL|TZ|NO_COLOR)$/;
const BARE = {
  ...Object.fromEntries(Object.keys(process.env).flatMap((name) => (KEPT.test(name) ? [] : [[name, undefined]]))),
  PATH,
  // Not through npm's wrapper, which starts a Node for each hook.
  LEFTHOOK_BIN: LEFTHOOK,
};

export async function outcome(at: Arena, operation: Operation): Promise<Outcome> {
  operation.before?.(at);
  const log = join(at.root, 'log');
  writeFileSync(log, '');
  const head = git(at.top, 'rev-parse', 'HEAD');
  const spied = { SPY_LOG: log, ...(operation.fail ? { FAIL: operation.fail } : {}) };
  const ran = await run('git', operation.args, { cwd: at.cwd, env: { ...BARE, ...spied, ...operation.env } });
  const said = git(at.top, 'log', '-1', '--format=%an <%ae> | %cn <%ce> | %s');
  const [hooks = '', out = '', err = '', author = ''] = plain(at, [readFileSync(log, 'utf8'), ran.out, ran.err, said]);
  const left = {
    code: ran.code,
    hooks,
    out: lines(out),
    err: lines(err),
    index: git(at.top, 'ls-files', '-s', '--', 'src'),
    dirty: git(at.top, 'status', '--porcelain', '--', 'src'),
    author,
    moved: git(at.top, 'rev-parse', 'HEAD') !== head,
  };
  operation.after?.(at);
  return left;
}

const ID = /(?<![0-9a-f])[0-9a-f]{40}(?![0-9a-f])/g;

/** What a shell sets for itself in each hook's environment. */
const SHELLS_OWN = /^(_|OLDPWD|SHLVL|PWD)=.*\n/gm;

/** Places and times of this run taken out, and each commit as its subject and what it has below `src`. */
function plain({ root, branch, top }: Arena, texts: string[]): string[] {
  const ids = [...new Set(texts.join('\n').match(ID) ?? [])];
  const names = new Map(ids.map((id) => [id, nameOf(top, id)]));
  return texts.map((text) =>
    text
      .replaceAll(ID, (id) => names.get(id) ?? id)
      .replaceAll(root, '<root>')
      .replaceAll(branch, '<branch>')
      .replaceAll(/\b[0-9a-f]{7,12}\b/g, '<short>')
      .replaceAll(/\d+(\.\d+)? ?(seconds|ms|s)\b/g, '<time>')
      .replaceAll(SHELLS_OWN, '')
      .replaceAll(/^ Date: .*/gm, ' Date: <time>')
      .replaceAll(/(next-index-|patch)\d+(-\d+)?/g, '$1<number>'),
  );
}

function nameOf(top: string, id: string): string {
  try {
    return `<${git(top, 'log', '-1', '--format=%s by %an', id)}, src ${git(top, 'rev-parse', `${id}:src`)}>`;
  } catch {
    return id;
  }
}

/** Without our lines, and without lefthook's word, at its next hook, that it saw its configuration changed. git's counting ends with a carriage return. */
const lines = (text: string) => text.split(/[\r\n]+/).filter((line) => line.trim() !== '' && !/git-session|^sync hooks: /.test(line));
