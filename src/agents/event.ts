/** What happens in an agent's chat, and what its client is told, in words of no client. Pure; hot path. */

/** A subagent, as its client names it. */
export interface Subagent {
  id: string;
  type: string;
}

/** What every event says. */
interface Where {
  /** The client's own id of the chat. */
  chat: string;
  /** The folder that the agent is in. */
  cwd: string;
  /** Who acts; null for the chat's main agent. */
  agent: Subagent | null;
}

/** The input of a call that writes one whole file. */
export interface WholeFile {
  key: string;
  input: Record<string, unknown>;
}

/** Figures of a subagent's work as its client gave them. */
export interface Figures {
  model?: string;
  tokens?: number;
  tool_calls?: number;
  duration_ms?: number;
}

export type ChatEvent = Where &
  (
    | { kind: 'chat-start'; source: 'new' | 'resumed' | 'compacted' }
    /** `by`: a person typed it, or the client made it itself. `finished`: a subagent whose end it tells of. */
    | { kind: 'prompt'; id: string | null; text: string; by: 'person' | 'client'; finished?: { agent: string; figures: Figures } }
    /** `whole`: the call writes one whole file, and the client lets a hook change its input, where the path stands under `key`. */
    | { kind: 'before-write'; tool: string; files: string[]; whole?: WholeFile }
    | { kind: 'before-shell'; command: string }
    /** `starts`: the call itself is the start, since the client has no event for it; until its end, what the main agent does is that agent's. */
    | { kind: 'before-subagent'; call: string; type: string; description: string | null; input: Record<string, unknown>; starts?: Subagent }
    | { kind: 'after-write'; files: string[] }
    /** The tool that started a subagent has answered: at once where it works in the background, else when it is done. */
    | { kind: 'after-subagent'; call: string; started: string; description: string | null; figures: Figures }
    | { kind: 'subagent-start' }
    | { kind: 'subagent-stop' }
    /** The main agent has answered. `waiting`: subagents still work in the background. */
    | { kind: 'turn-end'; waiting: boolean }
    | { kind: 'chat-end' }
    /** The chat goes on in another checkout, the one at `cwd`. */
    | { kind: 'moved' }
    /** The client wants a worktree of that name. `by`: who asked; `client`: it is for a worker of its own, such as a subagent. */
    | { kind: 'worktree-create'; name: string; by: 'person' | 'agent' | 'client' }
    /** The worktree at `cwd` is to go. */
    | { kind: 'worktree-remove' }
  );

/** What the client is told. Nothing is the usual answer. */
export interface Answer {
  /** For the agent, as facts. */
  context?: string;
  /** The tool call must not happen; for the agent. */
  deny?: string;
  /** The prompt goes no further; for the person. */
  stop?: string;
  /** For the person, beside whatever goes on. */
  tell?: string;
  /** The whole input of the tool call, changed. */
  input?: Record<string, unknown>;
  /** The worktree that was made, or is gone. Without it the client's own way is taken. */
  path?: string;
  /** It was not done, and must not be done otherwise; why. */
  fail?: string;
}

/** One client: what it sends as events, and answers as it wants them. */
export interface Adapter {
  /** What people call it. */
  name: string;
  /** Events of which a refusal stops a tool call. */
  gates: readonly string[];
  /** Whether the hook's environment shows that a person is at the chat, and no script. */
  attended(env: Readonly<Record<string, string | undefined>>): boolean;
  /**
   * The event in a payload; null for one that is of no interest, or no payload of this client; `unclear` for a gate's payload that does not say
   * which call it is of, or where. Throws nothing.
   */
  read(event: string, payload: Record<string, unknown>): ChatEvent | 'unclear' | null;
  /** What goes to standard output; empty for nothing to say. */
  write(event: string, answer: Answer): string;
}
