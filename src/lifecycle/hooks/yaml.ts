/** Our entries in the YAML of hook managers, in blocks between comments, so that every other byte stays. Loads yaml: import it lazily. */

import { isMap, isScalar, isSeq, type Pair, parseDocument, type YAMLMap } from 'yaml';
import { GIT_HOOKS, type GitHook } from '../../core/hooks/hook-block.ts';
import { hookCall } from '../../core/hooks/hook-call.ts';
import { withoutYamlBlocks, yamlBlock } from '../../core/text/yaml-block.ts';

interface Insertion {
  /** Offset of the beginning of a line. */
  at: number;
  text: string;
}

/** lefthook's configuration with a command of ours in each hook that it has; null where that cannot be told apart from theirs. */
export function lefthookYaml(text: string): string | null {
  const base = withoutYamlBlocks(text);
  const top = topOf(base);
  if (!top) return null;
  const insertions: Insertion[] = [];
  for (const hook of GIT_HOOKS) {
    const pair = pairOf(top, hook);
    const one = pair && inHook(base, hook, pair);
    if (one === null) return null;
    if (one) insertions.push(one);
  }
  return inserted(base, insertions);
}

function inHook(text: string, hook: GitHook, { key, value }: Pair): Insertion | null {
  const run = hookCall(hook, '"{1}" "{2}" "{3}"');
  const command = ['git-session:', '  run: |', `    ${run}`];
  if (isEmpty(value)) return afterLine(text, key, (at) => yamlBlock(at, ['commands:', ...command.map((line) => `  ${line}`)]));
  if (!isMap(value) || value.flow || value.items.length === 0) return null;
  const jobs = pairOf(value, 'jobs')?.value;
  if (isSeq(jobs) && !jobs.flow && jobs.items.length > 0)
    return beforeLine(text, jobs.items[0], (at) => yamlBlock(at, ['- name: git-session', '  run: |', `    ${run}`]));
  const commands = pairOf(value, 'commands');
  if (!commands) return beforeLine(text, value.items[0]?.key, (at) => yamlBlock(at, ['commands:', ...command.map((line) => `  ${line}`)]));
  if (isEmpty(commands.value)) return afterLine(text, commands.key, (at) => yamlBlock(at, command));
  if (!isMap(commands.value) || commands.value.flow) return null;
  return beforeLine(text, commands.value.items[0]?.key, (at) => yamlBlock(at, command));
}

/** How pre-commit names the stages of committing and pushing: `old` before its version 3.2. */
export type StageNames = 'old' | 'new';

/** pre-commit's configuration with a repository of ours in front; null where that cannot be told apart from theirs. */
export function preCommitYaml(text: string, hooks: readonly GitHook[], names: StageNames): string | null {
  const base = withoutYamlBlocks(text);
  const repos = topOf(base)?.get('repos', true);
  if (!isSeq(repos) || repos.flow || repos.items.length === 0) return null;
  const lines = ['- repo: local', '  hooks:', ...hooks.flatMap((hook) => preCommitHook(hook, names).map((line) => `    ${line}`))];
  const one = beforeLine(base, repos.items[0], (at) => yamlBlock(at, lines));
  return one && inserted(base, [one]);
}

const STAGES_BEFORE: Partial<Record<GitHook, string>> = { 'pre-commit': 'commit', 'pre-push': 'push' };
/** What git gave the hook, as pre-commit hands it on. */
const GIVEN: Partial<Record<GitHook, string>> = {
  'prepare-commit-msg': '"$1" "$PRE_COMMIT_COMMIT_MSG_SOURCE"',
  'commit-msg': '"$1"',
  'post-checkout': '"$PRE_COMMIT_FROM_REF" "$PRE_COMMIT_TO_REF" "$PRE_COMMIT_CHECKOUT_TYPE"',
  'post-merge': '"$PRE_COMMIT_IS_SQUASH_MERGE"',
  'post-rewrite': '"$PRE_COMMIT_REWRITE_COMMAND"',
};

function preCommitHook(hook: GitHook, names: StageNames): string[] {
  const stage = (names === 'old' && STAGES_BEFORE[hook]) || hook;
  return [
    `- id: git-session-${hook}`,
    `  name: git-session (${hook})`,
    `  entry: sh -c '${hookCall(hook, GIVEN[hook] ?? '')}' --`,
    '  language: system',
    `  stages: [${stage}]`,
    '  always_run: true',
    `  pass_filenames: ${/commit-msg$/.test(hook)}`,
  ];
}

/** The types of hooks that `pre-commit install` sets up by this configuration. */
export function installedTypes(text: string): GitHook[] {
  const listed = topOf(text)?.get('default_install_hook_types', true);
  const names = isSeq(listed) ? listed.items.map((item) => (isScalar(item) ? String(item.value) : '')) : ['pre-commit'];
  return GIT_HOOKS.filter((hook) => names.includes(hook));
}

/** The hooks that lefthook has in its configuration. */
export function lefthookHooks(text: string): GitHook[] {
  const top = topOf(text);
  return GIT_HOOKS.filter((hook) => top && pairOf(top, hook));
}

function topOf(text: string): YAMLMap | null {
  const doc = parseDocument(text, { prettyErrors: false, logLevel: 'error' });
  return doc.errors.length === 0 && isMap(doc.contents) && !doc.contents.flow ? doc.contents : null;
}

const pairOf = (map: YAMLMap, name: string): Pair | undefined => map.items.find(({ key }) => isScalar(key) && key.value === name);

const isEmpty = (value: unknown) => value === null || (isScalar(value) && value.value === null && !value.source);

type Render = (indent: string) => string;

function startOf(node: unknown): number | null {
  return (node as { range?: [number, number, number] | null })?.range?.[0] ?? null;
}

/** Before the line that a mapping's key or a list's item begins on, at its indentation. */
function beforeLine(text: string, node: unknown, render: Render): Insertion | null {
  const start = startOf(node);
  if (start === null) return null;
  let at = text.lastIndexOf('\n', start - 1) + 1;
  const indent = /^ */.exec(text.slice(at))?.[0] ?? '';
  // `key: - item`, or two keys on a line, is no line of its own.
  if (!/^ *(?:- *)?$/.test(text.slice(at, start))) return null;
  // Comments in front belong to it.
  for (let line = at; line > 0; ) {
    line = text.lastIndexOf('\n', line - 2) + 1;
    if (!/^ *#/.test(text.slice(line, at))) break;
    at = line;
  }
  return { at, text: render(indent) };
}

/** Behind the line of a key without a value, one step further in. */
function afterLine(text: string, key: unknown, render: Render): Insertion | null {
  const start = startOf(key);
  if (start === null) return null;
  const from = text.lastIndexOf('\n', start - 1) + 1;
  const end = text.indexOf('\n', start);
  return end < 0 ? null : { at: end + 1, text: render(`${/^ */.exec(text.slice(from))?.[0] ?? ''}  `) };
}

function inserted(text: string, insertions: Insertion[]): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  return [...insertions]
    .sort((a, b) => b.at - a.at)
    .reduce((now, one) => now.slice(0, one.at) + one.text.replaceAll('\n', eol) + now.slice(one.at), text);
}
