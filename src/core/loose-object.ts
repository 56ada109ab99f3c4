/**
 * A git blob as git keeps it in a file of its own, made without git: its id, and the zlib stream with its bytes stored, not compressed. Loading
 * node:child_process and starting git costs 8 ms, node:crypto 5; this costs less than one for the files that people write. Pure; hot path.
 */

/** SHA-1 as RFC 3174 has it, as lower-case hex. */
export function sha1(bytes: Uint8Array): string {
  const whole = new Uint8Array(((bytes.length + 8) >> 6) * 64 + 64);
  whole.set(bytes);
  whole[bytes.length] = 0x80;
  const view = new DataView(whole.buffer);
  view.setUint32(whole.length - 8, Math.floor(bytes.length / 2 ** 29));
  view.setUint32(whole.length - 4, (bytes.length << 3) >>> 0);
  const w = new Int32Array(80);
  let [h0, h1, h2, h3, h4] = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476, 0xc3d2e1f0 | 0];
  for (let at = 0; at < whole.length; at += 64) {
    for (let i = 0; i < 16; i++) w[i] = view.getInt32(at + i * 4);
    for (let i = 16; i < 80; i++) {
      const x = (w[i - 3] as number) ^ (w[i - 8] as number) ^ (w[i - 14] as number) ^ (w[i - 16] as number);
      w[i] = (x << 1) | (x >>> 31);
    }
    let [a, b, c, d, e] = [h0, h1, h2, h3, h4];
    for (let i = 0; i < 80; i++) {
      const f =
        i < 20
          ? ((b & c) | (~b & d)) + 0x5a827999
          : i < 40
            ? (b ^ c ^ d) + 0x6ed9eba1
            : i < 60
              ? ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc
              : (b ^ c ^ d) + 0xca62c1d6;
      const next = (((a << 5) | (a >>> 27)) + f + e + (w[i] as number)) | 0;
      e = d;
      d = c;
      c = (b << 30) | (b >>> 2);
      b = a;
      a = next;
    }
    h0 = (h0 + a) | 0;
    h1 = (h1 + b) | 0;
    h2 = (h2 + c) | 0;
    h3 = (h3 + d) | 0;
    h4 = (h4 + e) | 0;
  }
  return [h0, h1, h2, h3, h4].map((h) => (h >>> 0).toString(16).padStart(8, '0')).join('');
}

/** The largest piece of a zlib stream that is stored as it is. */
const STORED = 0xffff;

/** The bytes as a zlib stream (RFC 1950, 1951) of stored blocks. */
function zlibStored(bytes: Uint8Array): Uint8Array {
  const blocks = Math.max(1, Math.ceil(bytes.length / STORED));
  const out = new Uint8Array(2 + blocks * 5 + bytes.length + 4);
  out.set([0x78, 0x01]);
  let to = 2;
  for (let n = 0; n < blocks; n++) {
    const part = bytes.subarray(n * STORED, (n + 1) * STORED);
    const [low, high] = [part.length & 0xff, part.length >> 8];
    out.set([n === blocks - 1 ? 1 : 0, low, high, ~low & 0xff, ~high & 0xff], to);
    out.set(part, to + 5);
    to += 5 + part.length;
  }
  let [a, b] = [1, 0];
  for (let i = 0; i < bytes.length; i++) {
    a = (a + (bytes[i] as number)) % 65521;
    b = (b + a) % 65521;
  }
  new DataView(out.buffer).setUint32(to, ((b << 16) | a) >>> 0);
  return out;
}

/** The blob of a content in a repository of SHA-1 ids. */
export function looseBlob(content: Uint8Array): { oid: string; stream: Uint8Array } {
  const head = Uint8Array.from(`blob ${content.length}\0`, (letter) => letter.charCodeAt(0));
  const whole = new Uint8Array(head.length + content.length);
  whole.set(head);
  whole.set(content, head.length);
  return { oid: sha1(whole), stream: zlibStored(whole) };
}
