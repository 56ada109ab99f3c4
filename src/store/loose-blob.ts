/** Writes a file's content as a loose object where git would keep exactly these bytes, without starting git. Hot path: node built-ins only. */

import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { looseBlob, MOST } from '../core/loose-object.ts';

/** Attributes that change what a file's blob holds. Ends of lines change only where there is a carriage return. */
const CONVERTS = /\b(?:filter|ident|working-tree-encoding)\b/;

/**
 * The id of the content's blob, which is written when this returns; null where git has to be asked: large files, carriage returns, attributes
 * that convert, other ids than SHA-1. A global attributes file is not read: what it converts is corrected by the checkpoint's own record.
 */
export function storeLoose({ top, commonDir }: { top: string; commonDir: string }, path: string): string | null {
  const content = readFileSync(join(top, path));
  if (content.length > MOST || content.includes(13) || converts(top, commonDir, path) || !isSha1(commonDir)) return null;
  const blob = looseBlob(content);
  if (!blob) return null;
  const { oid, stream } = blob;
  const folder = join(commonDir, 'objects', oid.slice(0, 2));
  const place = join(folder, oid.slice(2));
  if (existsSync(place)) return oid;
  const temporary = join(folder, `tmp_obj_gs${process.pid}`);
  try {
    // As git does it: beside the object, then renamed. These calls are made for the journal too; each other one costs when it is first made.
    if (!existsSync(folder)) mkdirSync(folder, { recursive: true });
    const fd = openSync(temporary, 'wx', 0o444);
    try {
      for (let done = 0; done < stream.length; ) done += writeSync(fd, stream, done);
    } finally {
      closeSync(fd);
    }
    renameSync(temporary, place);
  } catch {
    // What is wrong there is for git to say.
    rmSync(temporary, { force: true });
    return null;
  }
  return oid;
}

function converts(top: string, commonDir: string, path: string): boolean {
  const files = [join(commonDir, 'info', 'attributes')];
  for (let dir = dirname(path); ; dir = dirname(dir)) {
    files.push(join(top, dir, '.gitattributes'));
    if (dir === '.') break;
  }
  return files.some((file) => existsSync(file) && CONVERTS.test(text(file)));
}

function isSha1(commonDir: string): boolean {
  return !text(join(commonDir, 'config')).toLowerCase().includes('objectformat');
}

function text(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
