/** A pull request (or merge request) of a sealed session: which forge's program opens it, with which arguments, saying what. Pure. */

import type { SessionId } from '../session/session-id.ts';
import { count, visible } from '../text/text.ts';
import { short } from '../verify/finding.ts';

/** A program of a forge that opens requests. */
export type ForgeTool = 'gh' | 'glab';

/** Where a remote's URL leads. */
export interface ForgeAddress {
  host: string;
  /** `owner/name`, or deeper; without `.git`. */
  path: string;
}

/** Host and path of an http(s), ssh or scp-like URL; null for a folder of this machine and the like. */
export function addressOf(url: string): ForgeAddress | null {
  const match =
    /^(?:https?|ssh|git):\/\/(?:[^@/]*@)?([a-z0-9][a-z0-9.-]*)(?::\d+)?\/(.+)$/i.exec(url) ??
    /^(?:[\w.-]+@)?([a-z0-9][a-z0-9.-]*\.[a-z0-9.-]+):(?!\/\/)(.+)$/i.exec(url);
  const path = match?.[2]?.replace(/^\/+|\/+$/g, '').replace(/\.git$/, '') ?? '';
  return match?.[1] && /^[\w.~-]+(\/[\w.~-]+)+$/.test(path) ? { host: match[1].toLowerCase(), path } : null;
}

/** The program that knows this host by its name; null where only the programs themselves can tell. */
export function toolOfHost(host: string): ForgeTool | null {
  if (/(^|\.)github\./.test(host)) return 'gh';
  return /(^|\.)gitlab\./.test(host) ? 'glab' : null;
}

/** What a forge calls it. */
export const REQUEST_NAME: Record<ForgeTool, string> = { gh: 'pull request', glab: 'merge request' };

export interface RequestText {
  title: string;
  /** Markdown. */
  body: string;
}

/** The command that opens the request: every word an argument of its own, nothing for a shell. Text never begins one. */
export function openCommand(
  tool: ForgeTool,
  { address, base, branch, title, body }: RequestText & { address: ForgeAddress; base: string; branch: string },
): { args: string[]; input: string } {
  if (tool === 'gh') {
    const repo = `--repo=${address.host}/${address.path}`;
    return { args: ['pr', 'create', repo, `--base=${base}`, `--head=${branch}`, `--title=${title}`, '--body-file=-'], input: body };
  }
  const repo = `--repo=https://${address.host}/${address.path}`;
  const refs = [`--target-branch=${base}`, `--source-branch=${branch}`];
  return { args: ['mr', 'create', repo, ...refs, `--title=${title}`, `--description=${body}`, '--yes'], input: '' };
}

/** The address of the request in what the program printed; null where there is none. */
export function urlIn(printed: string): string | null {
  return /https?:\/\/[\w.:~/-]+\/(?:pull|merge_requests)\/\d+/.exec(printed)?.[0] ?? null;
}

export interface RequestFacts {
  id: SessionId;
  topic: string;
  /** Full id of the seal. */
  seal: string;
  /** Counts of the sealed inventory; null where it cannot be read. */
  changes: number | null;
  artifacts: number | null;
  /** The summary file as it was sealed; null where it cannot be read. */
  summary: string | null;
  summaryPath: string;
}

/** GitHub takes 65,536 characters, and one argument of a command line 131,072 bytes. */
const MOST = 30_000;

/** Title and body: what was sealed, and how anybody checks it. */
export function requestText(facts: RequestFacts): RequestText {
  const { id, topic, seal, changes, artifacts } = facts;
  const figures = changes === null || artifacts === null ? '' : ` (${count(changes, 'change')}, ${count(artifacts, 'artifact')})`;
  const body = [
    `Session \`${id}\`, sealed as ${short(seal)}. An approver signs it, in any clone:`,
    fenced(`git fetch && git session approve ${id}`),
    'Whoever wants to know checks it, before and after it lands, in any clone:',
    fenced(`git fetch --tags && git session verify ${id}`),
    'A merge commit, a squash and a rebase are all recognised. The approval is of the seal: commits after it are not part of it.',
    '### Summary, as sealed',
    facts.summary === null ? `${facts.summaryPath} cannot be read.` : fenced(clipped(facts.summary, facts.summaryPath), 'markdown'),
  ];
  return { title: `session: ${topic}${figures}`, body: `${body.join('\n\n')}\n` };
}

function clipped(summary: string, path: string): string {
  const text = visible(summary.trimEnd(), '\n');
  return text.length <= MOST ? text : `${text.slice(0, MOST)}\n… the rest is in ${path}`;
}

/** A code block that the text cannot end: on a forge what agents wrote then mentions nobody, closes no issue and gives no command. */
function fenced(text: string, language = ''): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}
