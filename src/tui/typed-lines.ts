/** What a person types, line by line. */

import { createInterface, type Interface } from 'node:readline';
import type { Readable } from 'node:stream';

/** Lines that a person types; null once there are no more, or Ctrl-C was pressed. */
export class Lines {
  readonly #reader: Interface;
  readonly #waiting: string[] = [];
  #ended = false;
  #wants: ((line: string | null) => void) | null = null;

  constructor(input: Readable) {
    this.#reader = createInterface({ input, terminal: false });
    this.#reader.on('line', (line) => {
      if (this.#wants) this.#give(line);
      else this.#waiting.push(line);
    });
    this.#reader.once('close', () => {
      this.#ended = true;
      this.#give(null);
    });
  }

  next(): Promise<string | null> {
    const line = this.#waiting.shift();
    if (line !== undefined) return Promise.resolve(line);
    if (this.#ended) return Promise.resolve(null);
    return new Promise((resolve) => {
      this.#wants = resolve;
    });
  }

  #give(line: string | null): void {
    this.#wants?.(line);
    this.#wants = null;
  }

  pause(): void {
    this.#reader.pause();
  }

  resume(): void {
    this.#reader.resume();
  }

  close(): void {
    this.#reader.close();
  }
}
