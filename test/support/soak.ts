/** Longer and more of the same on demand: what `npm run soak` asks for. Every run can be repeated with its seed. */

/** True under `npm run soak`. */
export const SOAKING = process.env.GIT_SESSION_SOAK_SECONDS !== undefined;

/** How long a test that kills and races goes on: the suite's `seconds`, or what the soak asks for. */
export const soakSeconds = (seconds: number) => Number(process.env.GIT_SESSION_SOAK_SECONDS ?? seconds);

/** The seed of this run; named in the title or output of every test that uses it. */
export const SEED = Number(process.env.GIT_SESSION_SOAK_SEED ?? Math.floor(Math.random() * 1_000_000));

/** Numbers in [0, 1) that follow from a seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
