/** `.sessionrc.yaml` as a value: the shape and its defaults. Parsing and the chain of trust are in `trust/`. Hot path: pure. */

import type { CheckStatus } from '../log/record.ts';
import type { ReportKind } from '../reports/kinds.ts';

export interface CheckPolicy {
  name: string;
  /** A command line for `sh -c`, from policy only. */
  run: string;
  cwd: string;
  timeout_minutes: number;
  required: boolean;
  /** Globs: where the session changed none of these, the check is not needed. Empty: always run. */
  paths: string[];
  /** Names of environment variables let through beyond the basic ones. */
  env: string[];
  /** What it writes: files, or globs that name several. */
  reports: { path: string; kind: ReportKind }[];
  /** Globs of files that define the check; a session that changed them is shown to have. Empty: the defaults. */
  inputs: string[] | 'base';
  /** True: a result of this machine for the same tree may stand in, shown as such. */
  reuse: boolean;
  /** True: it may run beside other checks that say so too. */
  parallel: boolean;
}

export interface Policy {
  version: 1;
  branch: { prefix: string; after_landing: 'delete' | 'keep' };
  land: { by: 'local' | 'pr'; artifacts: 'keep' | 'tag' };
  base_moved: 'recheck' | 'ask';
  presence: 'terminal' | 'prompt' | 'security-key' | 'none';
  approvals: { self: 'allow' | 'deny'; count: number };
  checkpoint: 'task' | 'edit' | 'manual';
  /** What the first prompt of a chat outside a session does. */
  auto_start: 'off' | 'suggest' | 'auto';
  /** What a worktree is that a client asks its hook for: a session's, or one as the client makes it. */
  client_worktrees: 'session' | 'plain';
  routing: {
    mode: 'enforce' | 'warn' | 'off' | 'strict';
    /** True: what would be refused to an agent as a misplaced new file is written to its right place, where the client allows that. */
    redirect: boolean;
    root_allow: string[];
    allow: string[];
    roots: string[];
  };
  checks: { setup: string | null; setup_inputs: string[]; setup_outputs: string[]; list: CheckPolicy[] };
  /** Linked worktrees of sessions: where they lie, what is brought into them from the main checkout, and the command that readies them. */
  worktree: { place: string; copy: string[]; link: string[]; setup: string | null };
  memory: { trust: 'signed' | 'landed'; namespaces: Record<string, 'session' | 'project'> };
  secrets: { allow: { rule: string; path: string; reason: string }[] };
  limits: { large_file_kb: number };
  /** How long `gc` leaves alone what was dropped in a clone. */
  trash: { keep_days: number };
}

export const DEFAULT_POLICY: Policy = {
  version: 1,
  branch: { prefix: 'session/', after_landing: 'delete' },
  land: { by: 'local', artifacts: 'keep' },
  base_moved: 'recheck',
  presence: 'terminal',
  approvals: { self: 'allow', count: 1 },
  checkpoint: 'task',
  auto_start: 'suggest',
  client_worktrees: 'session',
  routing: { mode: 'enforce', redirect: false, root_allow: [], allow: [], roots: [] },
  checks: { setup: null, setup_inputs: [], setup_outputs: ['node_modules', '.venv'], list: [] },
  worktree: { place: '../{repo}.worktrees/{topic}', copy: [], link: [], setup: null },
  memory: { trust: 'signed', namespaces: { coordination: 'session', 'reasoning-bank': 'project' } },
  secrets: { allow: [] },
  limits: { large_file_kb: 1024 },
  trash: { keep_days: 60 },
};

/** True for a retention in days as it is typed: 0 to 99999. */
export function isKeepDays(text: string): boolean {
  return /^\d{1,5}$/.test(text);
}

/** Names of the built-in checks, in the order in which they are shown; a check of policy cannot have one of them. */
export const BUILT_IN_CHECKS = ['routing', 'docs-for-code', 'secrets', 'large-files', 'log-health', 'base-moved'] as const;

/** One result of a check as the manifest, the review and the backup hold it. */
export interface CheckResult {
  name: string;
  /** `built-in` checks are ours; `policy` checks are commands. */
  source: 'built-in' | 'policy';
  required: boolean;
  status: CheckStatus;
  /** One line for people: why it failed, is not needed or is not recorded, or what passed. */
  detail: string;
  /** The tree it ran on (the checked tree). */
  tree: string;
  exit_code: number | null;
  duration_ms: number | null;
  /** Percent of lines, 0 to 100, from a report or the runner's own output. */
  coverage: number | null;
  tests: { total: number; passed: number; failed: number; skipped: number } | null;
  /** sha256 of the captured output. */
  log_sha256: string | null;
  /** Inputs of the check that the session changed, deleted or skipped. */
  inputs_changed: string[];
  /** Set where the result was not computed now: ISO time of the run. */
  reused_from: string | null;
}
