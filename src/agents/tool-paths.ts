/** Which files a tool call writes, by its input. Pure; hot path. */

import type { WholeFile } from './event.ts';
import type { Payload } from './fields.ts';

/** A longer list is none of a tool that edits files. */
const MOST = 500;

const ONE = [
  'file_path',
  'notebook_path',
  'path',
  'filePath',
  'file',
  'target_file',
  'destination',
  'dest',
  'source',
  'new_path',
  'old_path',
];
const MANY = ['paths', 'files', 'file_paths'];

/** The paths that the input names, as it names them, each once. */
export function pathsOf(input: Payload): string[] {
  const found: string[] = [];
  const add = (value: unknown) => {
    if (typeof value === 'string' && value !== '') found.push(value.startsWith('file://') ? decoded(value.slice('file://'.length)) : value);
  };
  for (const name of ONE) add(input[name]);
  for (const name of MANY) {
    const list = input[name];
    if (!Array.isArray(list)) continue;
    for (const value of list.slice(0, MOST)) {
      if (typeof value === 'object' && value !== null) for (const key of ONE) add((value as Payload)[key]);
      else add(value);
    }
  }
  return [...new Set(found)];
}

/** The input as that of a call that writes one whole file; nothing where it names no file, or several. To be spread into an event. */
export function wholeFile(input: Payload): { whole?: WholeFile } {
  const keys = ONE.filter((name) => typeof input[name] === 'string' && input[name] !== '');
  const [key] = keys;
  return key !== undefined && keys.length === 1 && pathsOf(input).length === 1 ? { whole: { key, input } } : {};
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** Verbs in the names of MCP tools that write files; one without any of them is not asked about. */
const WRITES = /write|edit|create|save|move|rename|delete|remove|patch|append|insert|replace/i;

/** True for a tool of another MCP server whose name says that it writes. Tools are named `mcp__<server>__<tool>`, or with one `_` each. */
export function isForeignWrite(tool: string): boolean {
  return tool.startsWith('mcp_') && !/^mcp__?(?:plugin_)?git[-_]session/.test(tool) && WRITES.test(tool);
}

/** The files of a patch in the form `*** Add File: <path>`, as Codex writes it. */
export function patchPaths(patch: string): string[] {
  const lines = patch.matchAll(/^\*\*\* (?:(?:Add|Update|Delete) File|Move to): (.+?)\r?$/gm);
  return [...new Set([...lines].map((match) => match[1]?.trim() ?? '').filter(Boolean))].slice(0, MOST);
}

/** A shell line that is a patch and nothing else, in the form that Codex carries out itself. */
const SHELL_PATCH =
  /^\s*(?:cd\s+(?<dir>[^\s;&|<>$`]+)\s*&&\s*)?(?:apply_patch|applypatch)\s*<<-?\s*(['"]?)(?<end>\w+)\2\r?\n(?<patch>[\s\S]*?)\n\k<end>\s*$/;

/** The files of a patch that is handed to the shell; null for any other command. */
export function shellPatchPaths(command: string): string[] | null {
  const { dir, patch } = SHELL_PATCH.exec(command)?.groups ?? {};
  if (patch === undefined) return null;
  const folder = dir?.replace(/^(['"])(.*)\1$/, '$2');
  return patchPaths(patch).map((path) => (folder === undefined || path.startsWith('/') ? path : `${folder}/${path}`));
}
