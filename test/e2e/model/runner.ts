/** Walks of many steps, each drawn by a seed, over repositories made for them. */

import { expect } from 'vitest';
import { SEED, soakSeconds } from '../../support/soak.ts';
import { Checks } from './checks.ts';
import { Deck, Draw, type Outcome } from './draw.ts';
import type { Steps } from './steps/index.ts';
import type { World } from './world.ts';

/** The suite walks the same way each time, so that a red run is somebody's change and not a new draw; a soak, or `GIT_SESSION_SOAK_SEED`, draws others. */
export const FIRST = process.env.GIT_SESSION_SOAK_SEED ? SEED : 201;

/** A repository sees so many steps; then another begins. */
const STEPS_EACH = 150;

class Counts {
  private readonly kinds = new Set<string>();
  readonly rows = new Map<string, Record<Outcome, number>>();
  commands = 0;

  count(step: string, outcome: Outcome): void {
    const row = this.rows.get(step) ?? { done: 0, refused: 0, idle: 0 };
    row[outcome]++;
    this.rows.set(step, row);
  }

  get steps(): number {
    return [...this.rows.values()].reduce((sum, { done, refused }) => sum + done + refused, 0);
  }

  /** Kinds of steps that have not been done yet. */
  get missing(): string[] {
    return [...this.kinds].filter((name) => !this.rows.get(name)?.done);
  }

  expect(kinds: Iterable<string>): void {
    for (const kind of kinds) this.kinds.add(kind);
  }

  toString(): string {
    const rows = [...this.rows].map(([name, { done, refused, idle }]) => `${name} ${done}/${refused}/${idle}`);
    return `${this.steps} steps, ${this.commands} commands; done/refused/idle: ${rows.join(', ')}`;
  }
}

/** Repositories beside their models, and what is done to them. */
interface Setting {
  worlds: World[];
  steps: Steps;
}

/** At least so many steps (`GIT_SESSION_TEST_STEPS`: as many as that says), or for as long as a soak goes on; of every kind one at least was done. */
export async function walk(usual: number, make: (draw: Draw) => Setting): Promise<void> {
  const until = Date.now() + soakSeconds(0) * 1000;
  const least = Number(process.env.GIT_SESSION_TEST_STEPS ?? usual);
  const counts = new Counts();
  // What is drawn seldom may not have worked yet: a little longer then.
  const isEnough = () => counts.steps >= least && (counts.missing.length === 0 || least < usual || counts.steps > 2 * least);
  for (let seed = FIRST; !isEnough() || Date.now() < until; seed++) await one(seed, make, STEPS_EACH, counts);
  console.log(`seed ${FIRST}: ${counts}`);
  expect(counts.steps).toBeGreaterThanOrEqual(least);
  expect(counts.commands, 'most steps are a run of the built command line').toBeGreaterThan(counts.steps / 2);
  if (least >= usual) expect(counts.missing, 'kinds of steps that were never done').toEqual([]);
}

/** What somebody does at once after what was done last, and where. */
function followed(worlds: readonly World[]): [World, NonNullable<World['following']>] | null {
  const w = worlds.find(({ following }) => following !== null);
  if (!w?.following) return null;
  const { following } = w;
  w.following = null;
  return [w, following];
}

/** One setting of its own. Returns its steps. Throws with what was done, and with the seed that does it again. */
export async function one(seed: number, make: (draw: Draw) => Setting, length: number, counts = new Counts()): Promise<string[]> {
  const draw = new Draw(seed);
  const { worlds, steps } = make(draw);
  const checks = new Map(worlds.map((w) => [w, new Checks(w)]));
  const weights = new Map(Object.entries(steps).map(([name, [weight]]) => [name, weight]));
  counts.expect(weights.keys());
  const deck = new Deck(weights, draw);
  const played: string[] = [];
  try {
    while (played.length < length) {
      const [w, following] = followed(worlds) ?? [draw.pick(worlds) as World, null];
      const name = following ? (following.steps.find((one) => one in steps) ?? '') : deck.next();
      draw.told.push(`-- ${played.length}: ${name}`);
      let outcome: Outcome = 'idle';
      // Whichever checkout it can be done in.
      for (const top of following ? [following.top] : draw.shuffled([...w.model.checkouts.keys()])) {
        outcome = (await steps[name]?.[1](w, top)) ?? 'idle';
        if (outcome !== 'idle') break;
      }
      counts.count(name, outcome);
      if (outcome === 'idle') {
        draw.told.pop();
        if (!following) deck.keep(name);
        continue;
      }
      played.push(`${name}: ${outcome}`);
      checks.get(w)?.agree();
    }
  } catch (error) {
    const where = worlds.map(({ repo }) => repo.dir).join(' and ');
    const again = `GIT_SESSION_SOAK_SEED=${seed} npx vitest run test/e2e/model`;
    const told = draw.told.slice(-60).join('\n');
    throw new Error(`step ${played.length} of seed ${seed}, in ${where}; again: ${again}\n${told}\n${(error as Error).message}`, {
      cause: error,
    });
  } finally {
    for (const { commands } of worlds) counts.commands += commands;
  }
  return played;
}
