/** Which kind of artifact a file is, by its name and the first folder of its path. Pure; hot path. */

import { ARTIFACT_KINDS, type ArtifactKind } from '../session/metadata.ts';

const TEST_NAME = /^test_|\.(?:test|spec)\.[^/]+$|_(?:test|spec)\.[^.]+$|\.bats$|^conftest\.py$/i;
/** `test.js`, but not `test.sh`. */
const PLAIN_TEST_NAME = /^(?:tests?|spec)\.[^.]+$/i;
const SHELL = /\.(?:sh|bash|zsh|fish|ksh|ps1|psm1|bat|cmd)$/i;
const PROSE = /\.(?:md|mdx|markdown|rst|adoc|asciidoc|org|txt|tex|rtf|pdf|docx?|odt)$|^[^.]+$/i;
const CONFIGURATION = /\.(?:json|jsonc|json5|ya?ml|toml|ini|cfg|conf|properties|env|xml|lock|sql|tf|hcl)$/i;
const API_DESCRIPTION = /^(?:openapi|swagger|asyncapi)\b/i;
const NOTE = /^(?:adr|decisions?|debts?|lessons?|learn(?:ed|t|ings?)|plans?|planning|notes?|todos?|retro(?:spective)?|brainstorm(?:ing)?)$/;
const DEPLOYMENT = /^(?:deploy(?:ment|er)?|undeploy|backups?|restore)$/;

/** Folders whose name says what they hold; the name itself is not kept where the kind's folder already says it. */
const FOLDERS: Record<string, ArtifactKind> = {
  code: 'code',
  tests: 'tests',
  test: 'tests',
  __tests__: 'tests',
  spec: 'tests',
  specs: 'tests',
  docs: 'docs',
  doc: 'docs',
  documentation: 'docs',
  scripts: 'scripts',
  script: 'scripts',
  notes: 'notes',
  note: 'notes',
};
/** Kinds of tests, kept as folders below `tests/`. */
const TEST_KINDS = new Set(['unit', 'integration', 'e2e']);

/** The kind of a path: tests by name first, then shell, then prose (notes or docs), deployment, and code for the rest. */
export function kindOf(path: string): ArtifactKind {
  const parts = path.split('/');
  const name = parts.pop() ?? '';
  const folder = FOLDERS[(parts[0] ?? '').toLowerCase()];
  if (TEST_NAME.test(name)) return 'tests';
  if (folder) return folder;
  if (SHELL.test(name)) return 'scripts';
  if (PLAIN_TEST_NAME.test(name) || parts.some((part) => TEST_KINDS.has(part.toLowerCase()))) return 'tests';
  const words = wordsOf(name);
  if (PROSE.test(name)) {
    if (words.some((word) => NOTE.test(word))) return 'notes';
    return /\.[^.]+$/.test(name) || words.some((word) => /^(?:api|architecture|guide)$/.test(word)) ? 'docs' : 'code';
  }
  if (API_DESCRIPTION.test(name)) return 'docs';
  if (!CONFIGURATION.test(name) && words.some((word) => DEPLOYMENT.test(word))) return 'scripts';
  return 'code';
}

/** Where below `artifacts/` a path goes: its kind's folder, then its own path less a first folder that only repeats the kind. */
export function artifactPath(path: string): string {
  const kind = kindOf(path);
  const parts = path.split('/');
  const first = (parts[0] ?? '').toLowerCase();
  if (parts.length > 1 && FOLDERS[first] === kind) parts.shift();
  return [kind, ...parts].join('/');
}

/** The kind that an artifact's place says, for a path below `artifacts/`; by its name where the place is none of the five. */
export function kindAt(below: string): ArtifactKind {
  const first = below.slice(0, below.indexOf('/'));
  return (ARTIFACT_KINDS as readonly string[]).includes(first) ? (first as ArtifactKind) : kindOf(below);
}

/** Lower-case words of a name: split at punctuation, digits kept, and where camel case begins a word. */
function wordsOf(name: string): string[] {
  return name
    .replace(/\.[^.]+$/, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
}
