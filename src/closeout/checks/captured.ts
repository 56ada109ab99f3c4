/** Captured output with a bound: its beginning and its end are kept, since a runner's figures come last. */

const HALF = 2 << 20;

export class Captured {
  private readonly half: number;
  private head: Buffer[] = [];
  private headSize = 0;
  private tail: Buffer[] = [];
  private tailSize = 0;
  private cut = 0;

  constructor(half = HALF) {
    this.half = half;
  }

  add(chunk: Buffer): void {
    const room = this.half - this.headSize;
    if (room > 0) {
      const first = chunk.subarray(0, room);
      this.head.push(first);
      this.headSize += first.length;
      chunk = chunk.subarray(first.length);
    }
    if (chunk.length === 0) return;
    this.tail.push(chunk);
    this.tailSize += chunk.length;
    // Whole chunks go while the rest still fills the bound; the last cut is made in `bytes`.
    for (let first = this.tail[0]; first && this.tailSize - first.length >= this.half; first = this.tail[0]) {
      this.tail.shift();
      this.tailSize -= first.length;
      this.cut += first.length;
    }
  }

  /** What is kept, with a line where bytes were left out. */
  bytes(): Buffer {
    const tail = Buffer.concat(this.tail);
    const over = Math.max(0, tail.length - this.half);
    const cut = this.cut + over;
    if (cut === 0) return Buffer.concat([...this.head, tail]);
    return Buffer.concat([...this.head, Buffer.from(`\n[git-session: ${cut} bytes left out here]\n`), tail.subarray(over)]);
  }
}
