/** Tests switched off: the lines that do it, in the languages of the runners that we know. Pure. */

const SKIPS = [
  /\.(?:skip|only|todo|skipIf|runIf|fails|failing|ignore)\s*[(.`]/,
  /\b[xf](?:it|test|describe|specify|context)\s*\(/,
  /\b(?:skip|only|todo)\s*:(?!\s*(?:false|undefined)\b)/,
  /@(?:pytest\.mark\.|unittest\.)?(?:skip|skipif|skipIf|skipUnless|xfail|expectedFailure)\b/,
  /\b(?:pytest\.(?:skip|xfail|importorskip)|self\.skipTest)\s*\(/,
  /\b[tb]\.Skip(?:f|Now)?\s*\(/,
  /#\[ignore\b|#!?\[cfg\(any\(\)\)\]/,
  /@(?:Disabled|Ignore)\b/,
];

/** True where `after` holds a line that switches a test off and that `before` does not hold as often. */
export function skipsAdded(before: string, after: string): boolean {
  const old = skipLines(before);
  return [...skipLines(after)].some(([line, n]) => n > (old.get(line) ?? 0));
}

function skipLines(text: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    if (SKIPS.some((skip) => skip.test(line))) found.set(line, (found.get(line) ?? 0) + 1);
  }
  return found;
}
