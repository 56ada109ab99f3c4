/** How each client is connected. Pure. */

import { putPiece, takePiece } from './apply.ts';
import { claudePieces } from './claude.ts';
import { HOOK_SCRIPT } from './hook-script.ts';
import { HOOK_FILE, type Piece } from './pieces.ts';

/** Clients that `init --agent` knows: what people call them, their program, and what in a repository shows that they are used there. */
export const SETUPS = {
  claude: { name: 'Claude Code', program: 'claude', signs: ['.claude', 'CLAUDE.md', '.mcp.json'], pieces: claudePieces },
};

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

/** What connecting the clients changes; files that need no change are left out. `read` gives a file's text or null. */
export function planSetup(clients: readonly SetupName[], read: Read): Promise<SetupPlan> {
  return plan(clients, read, putPiece);
}

/** What taking all of the clients out changes. */
export function planTakeOut(clients: readonly SetupName[], read: Read): Promise<SetupPlan> {
  return plan(clients, read, takePiece);
}

async function plan(
  clients: readonly SetupName[],
  read: Read,
  change: (before: string | null, piece: Piece) => string | null,
): Promise<SetupPlan> {
  const script: Piece = { path: HOOK_FILE, kind: 'file', text: HOOK_SCRIPT };
  const files = new Map<string, { before: string | null; after: string | null }>();
  const blocked = new Set<string>();
  for (const piece of clients.length === 0 ? [] : [script, ...clients.flatMap((name) => SETUPS[name].pieces())]) {
    const known = files.get(piece.path);
    const before = known ? known.before : await read(piece.path);
    const now = known ? known.after : before;
    const after = change(now, piece);
    if (after === null && change === putPiece) blocked.add(piece.path);
    files.set(piece.path, { before, after: blocked.has(piece.path) ? now : after });
  }
  const rows = [...files].map(([path, file]) => ({ path, ...file }));
  return { changes: rows.filter(({ path, before, after }) => before !== after && !blocked.has(path)), blocked: [...blocked] };
}
