/** Whether this is a run that nobody watches. Pure. */

/** True where `CI` is set to anything but 0 or false: then nobody is asked, a terminal or not, and no line says what goes on. */
export function inCi(env: Readonly<Record<string, string | undefined>>): boolean {
  return !['', '0', 'false'].includes(env.CI ?? '');
}
