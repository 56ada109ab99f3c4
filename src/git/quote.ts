/** Paths on a line of their own, for the commands that have no `-z`. Pure. */

/** A path in the quoting that fast-import and `--stdin-paths` read back. */
export function quoted(path: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what has to be quoted
  if (!/[\u0000-\u001f"\\\u007f]/.test(path) && !/^ | $/.test(path)) return path;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what has to be quoted
  const escaped = path.replace(/[\u0000-\u001f"\\\u007f]/g, (c) =>
    c === '"' || c === '\\' ? `\\${c}` : `\\${c.charCodeAt(0).toString(8).padStart(3, '0')}`,
  );
  return `"${escaped}"`;
}
