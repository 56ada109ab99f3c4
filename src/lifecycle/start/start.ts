/** Starts a session: one commit with its metadata and first record, a branch, and the checkout moved to it. */

import { rmSync } from 'node:fs';
import { stateError } from '../../core/errors.ts';
import { encodeRecord } from '../../core/log/log.ts';
import { logPath } from '../../core/log/log-path.ts';
import type { AnyRecord, SessionRecord } from '../../core/log/record.ts';
import { makeRecordId } from '../../core/log/record-id.ts';
import { type SessionMetadata, sessionPaths } from '../../core/session/metadata.ts';
import type { SessionId } from '../../core/session/session-id.ts';
import { fileJson } from '../../core/text/json.ts';
import { buildCommit } from '../../git/build-commit.ts';
import type { Repo } from '../../git/run.ts';
import { createBranch, dropRef } from '../../git/switch.ts';
import { beginAct, type OpenAct } from '../../store/acts.ts';
import { appendRecord } from '../../store/journal.ts';
import { privatePaths } from '../../store/paths.ts';
import { writerId } from '../../store/writer.ts';
import type { Brought } from '../checkout/bring-files.ts';
import { switchOrRefuse } from '../checkout/switch-or-refuse.ts';
import { addSessionWorktree, type SessionWorktree, worktreePolicy } from '../checkout/worktree.ts';
import { eventMessage } from '../checkpoint/event-commit.ts';
import { ensureArtifactFolders, removeEmptyFolders } from '../files/artifacts.ts';
import { headOf } from '../session/head.ts';
import { dropDirty, saveDirty } from './dirty.ts';
import { freeName, type StartPlan } from './start-plan.ts';

export interface Started {
  id: SessionId;
  branch: string;
  /** The session's first commit. */
  commit: string;
  metadata: SessionMetadata;
  /** Top of the worktree that has the session checked out. */
  top: string;
  /** Whether that is a new linked worktree. */
  linked: boolean;
  /** What was brought into it from the main checkout. */
  brought: Brought[];
}

/** So many seconds are tried when others start sessions on the same topic at the same time. */
const MAX_TRIES = 120;

/** Carries the plan out. Where the checkout cannot move, everything is taken back and the reason thrown (exit 1). */
export async function runStart(repo: Repo, plan: StartPlan, now: Date): Promise<Started> {
  const made = await makeBranch(repo, plan, now);
  const { id, branch, commit, metadata } = made;
  const { top, brought } = await moveTo(repo, plan, made);
  made.act.done(plan.worktree === null ? undefined : { heads: [{ top, from: null, to: { branch } }] });
  if (plan.leaves !== null) removeEmptyFolders(top, plan.leaves);
  ensureArtifactFolders(top, id);
  return { id, branch, commit, metadata, top, linked: plan.worktree !== null, brought };
}

interface Made {
  id: SessionId;
  branch: string;
  commit: string;
  first: SessionRecord<'session.started'>;
  act: OpenAct;
}

async function moveTo(repo: Repo, plan: StartPlan, { id, branch, commit, first, act }: Made): Promise<SessionWorktree> {
  try {
    saveDirty(repo, id, plan.dirty);
    appendRecord(repo.commonDir, id, first, { id: first.id, ms: Date.parse(first.at) });
    if (plan.worktree !== null) {
      const policy = worktreePolicy(plan.policy);
      return await addSessionWorktree(repo, { id, branch, topic: plan.topic, path: plan.worktree, policy });
    }
    await switchOrRefuse(repo, branch, {
      what: 'The session was not started: the checkout cannot move to its base.',
      next: 'Commit them first, or start beside them with --worktree.',
    });
    return { top: repo.top, brought: [] };
  } catch (error) {
    await takeBack(repo, id, branch, commit);
    act.failed();
    throw error;
  }
}

/** The first commit and its branch, under the first name that nobody has. */
async function makeBranch(repo: Repo, plan: StartPlan, now: Date): Promise<Made & { metadata: SessionMetadata }> {
  const taken = new Set(plan.taken);
  const from = await headOf(repo);
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const { id, branch } = freeName({ ...plan, taken }, now);
    const metadata = metadataOf(plan, id, branch, now);
    const first = firstRecord(repo, plan, id, now);
    const commit = await buildCommit(repo, {
      parent: plan.baseCommit,
      files: [{ path: sessionPaths(id).metadata, content: fileJson(metadata) }, logFile(repo, id, first)],
      message: eventMessage(`start ${plan.topic}`, id, 'start'),
      ident: plan.ident,
    });
    const refs = [{ ref: `refs/heads/${branch}`, from: null, to: commit }];
    const heads = plan.worktree === null ? [{ top: repo.top, from, to: { branch } }] : [];
    const act = beginAct(repo.commonDir, { name: 'start', session: id, top: repo.top, effects: { refs, heads } });
    if ((await createBranch(repo, branch, commit, `git-session: start ${plan.topic}`)) === 'created') {
      return { id, branch, commit, metadata, first, act };
    }
    act.failed();
    taken.add(id);
  }
  throw stateError({ what: `${MAX_TRIES} sessions on "${plan.topic}" were started just now.`, next: 'Wait a moment and try again.' });
}

function metadataOf(plan: StartPlan, id: SessionId, branch: string, now: Date): SessionMetadata {
  return {
    version: 1,
    id,
    topic: plan.topic,
    goal: plan.goal,
    status: 'active',
    created_at: now.toISOString(),
    closed_at: null,
    branch,
    base: plan.base,
    continues: plan.continues,
    related: [],
    backup_location: null,
  };
}

const salt = Math.floor(Math.random() * 36 ** 6);

/** The record is in the commit before the journal has it: until the branch exists, the name may still be another's. */
function firstRecord(repo: Repo, plan: StartPlan, id: SessionId, now: Date): SessionRecord<'session.started'> {
  return {
    v: 1,
    id: makeRecordId({ ms: now.getTime(), writer: writerId(repo.commonDir), pid: process.pid, seq: 0, salt }),
    at: now.toISOString(),
    session: id,
    actor: plan.actor,
    kind: 'session.started',
    data: { topic: plan.topic, goal: plan.goal, base: plan.base, base_commit: plan.baseCommit, continues: plan.continues },
  };
}

function logFile(repo: Repo, id: SessionId, first: AnyRecord): { path: string; content: string } {
  return { path: logPath(id, { writer: writerId(repo.commonDir), n: 1 }), content: encodeRecord(first) };
}

/** Leaves the clone as if the start had never been asked for. */
async function takeBack(repo: Repo, id: SessionId, branch: string, commit: string): Promise<void> {
  if (!(await dropRef(repo, `refs/heads/${branch}`, commit))) return;
  rmSync(privatePaths(repo.commonDir).journal(id), { force: true });
  dropDirty(repo, id);
}
