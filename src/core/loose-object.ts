/**
 * A git blob as git keeps it in a file of its own, made without git: its id, and the zlib stream with its bytes stored, not compressed. Loading
 * node:child_process and starting git costs 8 ms, node:crypto 3; this less than one. Pure; hot path.
 */

import { WASM } from './loose-object.wasm.ts';

/** The largest content that is taken, in bytes: it fits one stored block of zlib, and the module's one page with what stands around it. */
export const MOST = 60 * 1024;

// Where the module has what; it says more.
const DIGEST = 320;
const CHECKSUM = 340;
const TEXT = 512;

/** What is used of it; the types of Node leave it out. */
declare const WebAssembly:
  | { Module: new (bytes: Uint8Array) => object; Instance: new (module: object) => { exports: unknown } }
  | undefined;

interface Hasher {
  memory: { buffer: ArrayBuffer };
  hash(end: number, blocks: number): void;
}

let hasher: Hasher | null = null;

/** The blob of a content of at most MOST bytes in a repository of SHA-1 ids; null where this Node runs no WebAssembly. */
export function looseBlob(content: Uint8Array): { oid: string; stream: Uint8Array } | null {
  if (typeof WebAssembly === 'undefined') return null;
  hasher ??= new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(WASM, 'base64'))).exports as Hasher;
  const bytes = new Uint8Array(hasher.memory.buffer);
  const view = new DataView(hasher.memory.buffer);
  const head = `blob ${content.length}\0`;
  for (let i = 0; i < head.length; i++) bytes[TEXT + i] = head.charCodeAt(i);
  bytes.set(content, TEXT + head.length);
  const size = head.length + content.length;
  const end = TEXT + size;
  // SHA-1 takes whole blocks of 64 bytes: a bit that is set, zeros, and how many bits there were.
  const blocks = TEXT + ((size + 8) >> 6) * 64 + 64;
  bytes.fill(0, end, blocks);
  bytes[end] = 0x80;
  view.setUint32(blocks - 4, size * 8);
  hasher.hash(end, blocks);
  let oid = '';
  for (let at = DIGEST; at < CHECKSUM; at += 4) oid += view.getUint32(at, true).toString(16).padStart(8, '0');
  // RFC 1950 and 1951: a header, one block that is the last and stored, its length twice, the text, the checksum.
  view.setUint32(TEXT - 7, 0x78010100);
  view.setUint16(TEXT - 4, size, true);
  view.setUint16(TEXT - 2, ~size, true);
  view.setUint32(end, view.getUint32(CHECKSUM, true));
  return { oid, stream: bytes.slice(TEXT - 7, end + 4) };
}
