/** Landed sessions, made the way the product makes them: signed, checked, sealed, merged. In-process, since a thousand of them are wanted. */

import { closeOut } from '../../src/closeout/run.ts';
import type { SessionId } from '../../src/core/session/session-id.ts';
import { loadSession } from '../../src/lifecycle/session/session.ts';
import { appendRecord } from '../../src/store/journal.ts';
import { makeRepo, makeSshKey, type TestRepo } from './repo.ts';
import { approver, commit, signWith } from './trust.ts';
import { DEV, startWork } from './work.ts';

export const DANA = 'dana@example.com';

export interface LandedRepo {
  repo: TestRepo;
  /** Private key of the approver. */
  key: string;
}

export interface PolicyText {
  /** Lines of `.sessionrc.yaml` beside version and presence. */
  policy?: string;
  /** Further lines of `.swarm/allowed_signers`. */
  signers?: string;
  files?: Record<string, string>;
  objectFormat?: 'sha1' | 'sha256';
}

/** A repository whose policy admits an unattended approver, Dana, and has one check. */
export function approvedRepo(options: PolicyText = {}): LandedRepo {
  const repo = makeRepo({
    ...(options.files ? { files: options.files } : {}),
    ...(options.objectFormat ? { objectFormat: options.objectFormat } : {}),
  });
  const key = makeSshKey();
  signWith(repo, key);
  const policy = options.policy ?? 'checks:\n  list:\n    - name: tests\n      run: test -f README.md\n      required: true\n';
  commit(repo, 'Set up sessions', {
    files: {
      '.sessionrc.yaml': `version: 1\npresence: none\n${policy}`,
      '.swarm/allowed_signers': `${approver(DANA, key)}${options.signers ?? ''}`,
    },
    key,
  });
  return { repo, key };
}

export interface LandedSession {
  id: SessionId;
  /** The merge commit, the seal, the full name of the tag, and the tag object. */
  merge: string;
  seal: string;
  tag: string;
  tagOid: string;
}

export interface SessionContent {
  topic?: string;
  /** Files below artifacts/, such as `code/app.js`. */
  artifacts?: Record<string, string>;
  /** Files of the workspace. */
  files?: Record<string, string>;
  /** A pattern that it learns. */
  pattern?: boolean;
}

/** Starts a session, works in it as one agent, and lands it; the checkout is on base again. */
export async function landSession(repo: TestRepo, content: SessionContent = {}): Promise<LandedSession> {
  return closeSession(repo, await workOn(repo, content));
}

/** Starts a session and works in it as one agent; nothing is closed. Returns its id. */
export async function workOn(repo: TestRepo, content: SessionContent = {}): Promise<SessionId> {
  const topic = content.topic ?? 'calculator-app';
  const work = await startWork(repo, topic);
  const { id } = work;
  const artifacts = content.artifacts ?? { 'code/app.js': '// Adds.\nexport const add = (a, b) => a + b;\n', 'docs/API.md': '# API\n' };
  const files: Record<string, string> = { ...content.files };
  for (const [path, text] of Object.entries(artifacts)) files[`sessions/${id}/artifacts/${path}`] = text;
  for (const [path, text] of Object.entries(files)) repo.write(path, text);
  work.begin('build', 'Build the calculator');
  for (const path of Object.keys(files)) work.edited('build', path);
  work.end('build');
  const store = (namespace: string, key: string, value: unknown) =>
    appendRecord(work.repo.commonDir, id, { kind: 'memory.stored', actor: DEV, data: { namespace, key, value } });
  store('coordination', 'phase', 'implementation');
  if (content.pattern !== false) store('reasoning-bank', `pattern/${topic}/pure-functions`, { approach: 'pure functions' });
  repo.commit(`Build\n\nSession-Id: ${id}\nSession-Task: build\nSession-Agent: backend-dev`, {});
  return id;
}

type Options = Parameters<typeof closeOut>[2];
type Decide = Options['ask'];

const approveAll: Decide = async () => ({ verdict: 'approve', dropped: new Set(), accepted: [] });

async function run(repo: TestRepo, id: SessionId, as: Options['as'], decide: Decide = approveAll) {
  const open = await repo.open();
  const session = await loadSession(open, id);
  if (!session) throw new Error(`no session ${id}`);
  return closeOut(open, session, { ask: decide, decides: true, as });
}

/** Approves and lands a session of this clone; `decide` stands for the person. */
export async function closeSession(repo: TestRepo, id: SessionId, decide?: Decide): Promise<LandedSession> {
  const result = await run(repo, id, 'closeout', decide);
  if (result.state !== 'closed' || !result.merge || !result.tag) throw new Error(`not landed: ${JSON.stringify(result)}`);
  const tag = `refs/tags/${result.tag}`;
  return { id, merge: result.merge, seal: result.seal, tag, tagOid: repo.git('rev-parse', tag) };
}

/** One more approval, with the key and the name that git is configured with now. */
export async function approveSession(repo: TestRepo, id: SessionId): Promise<void> {
  await run(repo, id, 'approve');
}

/** Under `land: pr`: seals a session, and approves it unless told not to. Nothing is merged. */
export async function sealSession(
  repo: TestRepo,
  id: SessionId,
  options: { approve?: boolean } = {},
): Promise<{ id: SessionId; seal: string }> {
  const sealed = await run(repo, id, 'closeout');
  if (sealed.state !== 'sealed') throw new Error(`not sealed: ${JSON.stringify(sealed)}`);
  if (options.approve !== false) await run(repo, id, 'approve');
  return { id, seal: sealed.seal };
}
