/** Writes a file's content as a loose object where git would keep exactly these bytes, without starting git. Hot path: node built-ins only. */

import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { looseBlob } from '../core/loose-object.ts';

/** Larger files are quicker with git. */
const MOST = 32 * 1024;
/** Attributes that change what a file's blob holds. Ends of lines change only where there is a carriage return. */
const CONVERTS = /\b(?:filter|ident|working-tree-encoding)\b/;

/**
 * The id of the content's blob, which is written when this returns; null where git has to be asked: large files, carriage returns, attributes
 * that convert, other ids than SHA-1. A global attributes file is not read: what it converts is corrected by the checkpoint's own record.
 */
export function storeLoose({ top, commonDir }: { top: string; commonDir: string }, path: string): string | null {
  const content = readFileSync(join(top, path));
  if (content.length > MOST || content.includes(13) || converts(top, commonDir, path) || !isSha1(commonDir)) return null;
  const { oid, stream } = looseBlob(content);
  const folder = join(commonDir, 'objects', oid.slice(0, 2));
  const place = join(folder, oid.slice(2));
  if (existsSync(place)) return oid;
  mkdirSync(folder, { recursive: true });
  const temporary = join(folder, `tmp_obj_gs${process.pid}`);
  writeFileSync(temporary, stream, { mode: 0o444, flag: 'wx' });
  try {
    linkSync(temporary, place);
  } catch (error) {
    // Another process was faster with the same content; anything else is for git to try.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return null;
  } finally {
    rmSync(temporary, { force: true });
  }
  return oid;
}

function converts(top: string, commonDir: string, path: string): boolean {
  const files = [join(commonDir, 'info', 'attributes')];
  for (let dir = dirname(path); ; dir = dirname(dir)) {
    files.push(join(top, dir, '.gitattributes'));
    if (dir === '.') break;
  }
  return files.some((file) => CONVERTS.test(text(file)));
}

function isSha1(commonDir: string): boolean {
  return !/objectformat/i.test(text(join(commonDir, 'config')));
}

function text(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
