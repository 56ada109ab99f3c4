/** How each client is connected. Pure. */

import type { Policy } from '../../core/policy/policy.ts';
import { asObject, parseJson } from '../../core/text/json.ts';
import { putPiece, takePiece } from './apply.ts';
import { CLAUDE_OWN_SETTINGS, CLAUDE_SETTINGS, claudePieces } from './claude.ts';
import { codexPieces } from './codex.ts';
import { copilotPieces } from './copilot.ts';
import { cursorPieces } from './cursor.ts';
import { geminiPieces } from './gemini.ts';
import { genericPieces } from './generic.ts';
import { HOOK_SCRIPT } from './hook-script.ts';
import { opencodePieces } from './opencode.ts';
import { HOOK_FILE, type Piece } from './pieces.ts';

/** Clients that `init --agent` knows: what people call them, their program, and what in a repository shows that they are used there. */
export const SETUPS = {
  claude: { name: 'Claude Code', program: 'claude', signs: ['.claude', 'CLAUDE.md', '.mcp.json'], pieces: claudePieces },
  codex: { name: 'Codex', program: 'codex', signs: ['.codex'], pieces: codexPieces },
  gemini: { name: 'Gemini CLI', program: 'gemini', signs: ['.gemini', 'GEMINI.md'], pieces: geminiPieces },
  copilot: { name: 'Copilot', program: 'copilot', signs: ['.github/copilot-instructions.md', '.github/hooks'], pieces: copilotPieces },
  opencode: { name: 'OpenCode', program: 'opencode', signs: ['.opencode', 'opencode.json', 'opencode.jsonc'], pieces: opencodePieces },
  cursor: { name: 'Cursor', program: 'cursor', signs: ['.cursor'], pieces: cursorPieces },
  /** Never found by itself: it writes into a file of people's own. */
  generic: { name: 'agents without hooks', program: null, signs: [], pieces: genericPieces },
} as const satisfies Record<string, Setup>;

interface Setup {
  name: string;
  program: string | null;
  signs: readonly string[];
  pieces(): Piece[];
}

export type SetupName = keyof typeof SETUPS;

export interface SetupChange {
  path: string;
  before: string | null;
  /** Null: nothing is left of the file. */
  after: string | null;
}

export interface SetupPlan {
  changes: SetupChange[];
  /** Files that are no JSON, or hold something else where our entries belong; nothing of theirs is changed. */
  blocked: string[];
}

type Read = (path: string) => Promise<string | null>;

/** `clone`: in files that no project tracks, where a client has such beside the tracked ones. */
export type Scope = 'project' | 'clone';

/** What connecting the clients changes, as policy wants it; files that need no change are left out. `read` gives a file's text or null. */
export function planSetup(
  clients: readonly SetupName[],
  read: Read,
  policy: Pick<Policy, 'client_worktrees'>,
  scope: Scope = 'project',
): Promise<SetupPlan> {
  const isUnwanted = (before: string | null, piece: Piece) =>
    piece.kind === 'element' && piece.about === 'worktrees' && (policy.client_worktrees === 'plain' || hasOther(before, piece.ours));
  const change = (before: string | null, piece: Piece) => (isUnwanted(before, piece) ? takePiece(before, piece) : putPiece(before, piece));
  return plan(clients, read, change, { puts: true, scope });
}

/** Somebody's own hook makes the worktrees already; the client would run both. */
function hasOther(settings: string | null, ours: (element: unknown) => boolean): boolean {
  const hooks = asObject(asObject(parseJson(settings ?? ''))?.hooks);
  const makers = hooks?.WorktreeCreate;
  return Array.isArray(makers) && makers.some((element) => !ours(element));
}

/** What taking all of the clients out changes. */
export function planTakeOut(clients: readonly SetupName[], read: Read, scope: Scope = 'project'): Promise<SetupPlan> {
  return plan(clients, read, takePiece, { puts: false, scope });
}

/** Files of a client that are a person's own, by the tracked ones that they stand beside. */
const OWN: Record<string, string> = { [CLAUDE_SETTINGS]: CLAUDE_OWN_SETTINGS };

/** Files that several clients share: they show none of them. */
export function isShared(path: string): boolean {
  return path === HOOK_FILE || path === '.mcp.json';
}

/** The clients that are connected already, in the order of the table. */
export async function connectedClients(read: Read, scope: Scope = 'project'): Promise<SetupName[]> {
  const names = Object.keys(SETUPS) as SetupName[];
  const plans = await Promise.all(names.map((name) => planTakeOut([name], read, scope)));
  return names.filter((_, i) => plans[i]?.changes.some(({ path }) => !isShared(path)));
}

async function plan(
  clients: readonly SetupName[],
  read: Read,
  change: (before: string | null, piece: Piece) => string | null,
  { puts, scope }: { puts: boolean; scope: Scope },
): Promise<SetupPlan> {
  const script: Piece = { path: HOOK_FILE, kind: 'file', text: HOOK_SCRIPT };
  const files = new Map<string, { before: string | null; after: string | null }>();
  const blocked = new Set<string>();
  // Who reads guidance only has nothing to run.
  const needed = clients.some((name) => name !== 'generic') ? [script] : [];
  for (const shared of [...needed, ...clients.flatMap((name) => SETUPS[name].pieces())]) {
    const piece = scope === 'clone' ? { ...shared, path: OWN[shared.path] ?? shared.path } : shared;
    const known = files.get(piece.path);
    const before = known ? known.before : await read(piece.path);
    const now = known ? known.after : before;
    const after = change(now, piece);
    if (after === null && puts) blocked.add(piece.path);
    files.set(piece.path, { before, after: blocked.has(piece.path) ? now : after });
  }
  const rows = [...files].map(([path, file]) => ({ path, ...file }));
  return { changes: rows.filter(({ path, before, after }) => before !== after && !blocked.has(path)), blocked: [...blocked] };
}
