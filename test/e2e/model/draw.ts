/** What a seed draws, and what the walk has written and counted: the same seed draws the same again. */

import { createHash } from 'node:crypto';
import { randomOf } from '../../support/soak.ts';

/** `done`: it worked. `refused`: a command said no, and nothing has changed. `idle`: there was nothing to do it to; not a step. */
export type Outcome = 'done' | 'refused' | 'idle';

export class Draw {
  /** Every step in words, for whoever looks for what went wrong. */
  readonly told: string[] = [];
  private readonly random: () => number;
  private readonly texts = new Map<string, string>();
  private n = 0;

  constructor(readonly seed: number) {
    this.random = randomOf(seed);
  }

  pick<T>(all: readonly T[]): T | undefined {
    return all[this.below(all.length)];
  }

  shuffled<T>(all: readonly T[]): T[] {
    const [rest, drawn] = [[...all], [] as T[]];
    while (rest.length > 0) drawn.push(...rest.splice(this.below(rest.length), 1));
    return drawn;
  }

  /** A whole number from 0 on, smaller than `end`. */
  below(end: number): number {
    return Math.floor(this.random() * end);
  }

  chance(of: number): boolean {
    return this.random() < of;
  }

  /** A number that was not there before; later ones are higher. */
  next(): number {
    return this.n++;
  }

  /** A line that nobody has written before. */
  fresh(): string {
    return this.know(`line ${this.next()}\n`);
  }

  know(text: string): string {
    this.texts.set(blobOf(text), text);
    return text;
  }

  textOf(blob: string): string | undefined {
    return this.texts.get(blob);
  }
}

export const blobOf = (text: string) =>
  createHash('sha1')
    .update(`blob ${Buffer.byteLength(text)}\0${text}`)
    .digest('hex');

/** Cards in a random order, each as often as it says; a card that could not be played comes again with the next deck. */
export class Deck {
  private cards: string[] = [];
  private kept: string[] = [];

  constructor(
    private readonly weights: ReadonlyMap<string, number>,
    private readonly draw: Draw,
  ) {}

  next(): string {
    if (this.cards.length === 0) {
      const all = [...[...this.weights].flatMap(([name, weight]) => Array<string>(weight).fill(name)), ...this.kept.splice(0)];
      this.cards = this.draw.shuffled(all);
    }
    return this.cards.pop() ?? '';
  }

  /** Never more of a kind than a deck has. */
  keep(card: string): void {
    if (this.kept.filter((one) => one === card).length < (this.weights.get(card) ?? 0)) this.kept.push(card);
  }
}
