/** Indented blocks of ours between comments in YAML that belongs to somebody else. Pure. */

const BEGIN = '# git-session: begin';
const END = '# git-session: end';

/** The lines as a block at this indentation. */
export function yamlBlock(indent: string, lines: readonly string[]): string {
  return [BEGIN, ...lines, END].map((line) => `${indent}${line}\n`).join('');
}

/** The text without every such block; every other byte stays. */
export function withoutYamlBlocks(text: string): string {
  let out = '';
  let inside = false;
  for (const line of text.split(/(?<=\n)/)) {
    const bare = line.trim();
    if (bare === BEGIN) inside = true;
    else if (bare === END && inside) inside = false;
    else if (!inside) out += line;
  }
  // A block without an end is none.
  return inside ? text : out;
}
