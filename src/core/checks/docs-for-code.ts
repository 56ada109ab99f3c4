/** What counts as a document, and which lines of code others can see. Pure. */

import { kindOf } from '../routing/artifact-kind.ts';

const DOCUMENT = /\.(?:md|mdx|markdown|rst|adoc|asciidoc|tex|1)$/i;
/** Other text files are as often data, such as requirements.txt. */
const PROSE = /(?:^|\/)(?:readme|changelog|changes|history|news|usage|install|manual|guide|faq|upgrading|migration)(?:\.txt)?$/i;
const GENERATED = new Set(['metadata.json', 'session-summary.md', 'metrics.json', 'inventory.json']);

/** True for documents: prose by its name, anything in a docs folder; not what a seal writes, and not notes of the session. */
export function isDocs(path: string, sessionRoot: string): boolean {
  if (path.startsWith(`${sessionRoot}/artifacts/`)) return path.startsWith(`${sessionRoot}/artifacts/docs/`);
  if (path.startsWith('.swarm/') || (path.startsWith(`${sessionRoot}/`) && GENERATED.has(path.slice(sessionRoot.length + 1)))) return false;
  return /(^|\/)docs?\//i.test(path) || DOCUMENT.test(path) || PROSE.test(path);
}

/** Lines by which a file of a language offers something to others. */
const PUBLIC: [RegExp, RegExp][] = [
  [/\.[cm]?[jt]sx?$/i, /^export\s+(?!type\b|\{\s*\}|\*)|^(?:module\.)?exports\b/],
  [/\.py$/i, /^(?:async\s+)?(?:def|class)\s+[A-Za-z]/],
  [/\.go$/i, /^(?:func\s+(?:\([^)]*\)\s*)?|type\s+|var\s+|const\s+)[A-Z]/],
  [/\.rs$/i, /^\s*pub\s+(?:async\s+|unsafe\s+|const\s+)*(?:fn|struct|enum|trait|mod|type|static)\b/],
  [/\.(?:java|kt|cs|swift|scala)$/i, /^\s*(?:public|open)\s/],
  [/\.rb$/i, /^\s*(?:class|module|def)\s+[A-Za-z]/],
];

/** The lines of a text that offer something; null where the file is no code that we read, or is a test. */
export function publicLines(path: string, text: string): string[] | null {
  const line = PUBLIC.find(([name]) => name.test(path))?.[1];
  if (!line || kindOf(path) === 'tests') return null;
  return text
    .split('\n')
    .map((one) => one.trimEnd())
    .filter((one) => line.test(one));
}
