/** The oldest versions of git and Node that are supported. Pure. */

export type Least = readonly [major: number, minor: number];

export const LEAST_GIT: Least = [2, 38];
export const LEAST_NODE: Least = [20, 19];

/** True for a version that is older, or is none. */
export function isOlder(version: string | null, [major, minor]: Least): boolean {
  const [a = 0, b = 0] = (version ?? '').split('.').map(Number);
  return !(a > major || (a === major && b >= minor));
}
