/** When a screen is opened on the terminal, and how what draws it is loaded. */

/** True where lines are wanted instead of a screen: asked for, a screen reader, or a terminal that cannot move its cursor. */
export function wantsPlain(asked: boolean): boolean {
  return asked || process.env.TERM === 'dumb' || process.env.INK_SCREEN_READER === 'true';
}

/** Ink draws nothing where CI is set, but somebody is at the terminal here; it looks once, when it is loaded. */
export async function withoutCi<T>(load: () => Promise<T>): Promise<T> {
  const { CI, CONTINUOUS_INTEGRATION } = process.env;
  delete process.env.CI;
  delete process.env.CONTINUOUS_INTEGRATION;
  try {
    return await load();
  } finally {
    Object.assign(process.env, CI === undefined ? {} : { CI }, CONTINUOUS_INTEGRATION === undefined ? {} : { CONTINUOUS_INTEGRATION });
  }
}
