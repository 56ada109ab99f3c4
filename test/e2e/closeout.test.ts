/** A session from start to signed landing, through the built CLI. */

import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { schema } from '../../src/cli/schemas/closeout.ts';
import { backupSchema } from '../../src/closeout/schemas/backup.ts';
import { inventorySchema } from '../../src/closeout/schemas/inventory.ts';
import { metadataSchema } from '../../src/closeout/schemas/metadata.ts';
import { metricsSchema } from '../../src/closeout/schemas/metrics.ts';
import { parseTagMessage } from '../../src/core/closeout/manifest-text.ts';
import { copyOf, makeApprovedRepo, makeSession, verifies } from '../support/approved-repo.ts';
import type { TestRepo } from '../support/repo.ts';

const POLICY = 'presence: none\nchecks:\n  list:\n    - { name: greeting, run: "grep -q login README.md", required: true }\n';
/** Ready to be closed, and a copy of it that was. */
let open: TestRepo;
let repo: TestRepo;
let id: string;
// biome-ignore lint/suspicious/noExplicitAny: parsed by its schema in a test
let facts: any;

beforeAll(async () => {
  open = makeApprovedRepo(POLICY).repo;
  id = await makeSession(open);
  repo = copyOf(open);
  facts = await repo.json(['closeout', '--yes']);
});

const at = (file: string) => `sessions/${id}/${file}`;
const lines = (text: string) => text.split('\n').filter(Boolean);

describe('closeout', () => {
  test('lands a session as one signed merge with one signed tag on the seal', () => {
    const base = open.git('rev-parse', 'main');
    const tip = open.git('rev-parse', 'HEAD');
    expect(schema.parse(facts)).toMatchObject({ state: 'closed', base: 'main', unattended: true, push: null, tag: `backup/${id}` });
    const seal = repo.git('rev-parse', `backup/${id}^{commit}`);
    expect(facts).toMatchObject({ merge: repo.git('rev-parse', 'main'), seal });
    expect(lines(repo.git('log', '-1', '--format=%P', 'main'))).toEqual([`${base} ${seal}`]);
    expect(repo.git('rev-parse', `${seal}^`)).toBe(tip);
    expect(verifies(repo, 'commit', 'main')).toBe(true);
    expect(verifies(repo, 'tag', `backup/${id}`)).toBe(true);
    expect(repo.git('status', '--porcelain', '--untracked-files=all')).toBe('');
    expect(repo.git('branch', '--show-current')).toBe('main');
    expect(repo.git('branch', '--list', 'session/*')).toBe('');
    expect(repo.git('fsck', '--no-dangling')).toBe('');
  });

  test('the seal changes its own files only, the manifest names each, and the checked tree is the landed one without them', () => {
    const seal = repo.git('rev-parse', `backup/${id}^{commit}`);
    const changed = lines(repo.git('diff', '--name-only', `${seal}^`, seal));
    const allowed = new RegExp(
      `^(${at('(metadata|metrics|inventory)\\.json')}|${at('session-summary\\.md')}|\\.swarm/(log/${id}/.+|backups/${id}\\.json))$`,
    );
    expect(changed.filter((path) => !allowed.test(path))).toEqual([]);
    const message = repo.git('cat-file', 'tag', `backup/${id}`).split('\n\n').slice(1).join('\n\n');
    const said = parseTagMessage(message);
    if (!said) throw new Error(`no manifest in\n${message}`);
    const { manifest, text } = said;
    expect(manifest).toMatchObject({ session: id, seal, tip: repo.git('rev-parse', `${seal}^`), presence: 'none', reviewed_base: null });
    expect(manifest.landed_tree).toBe(repo.git('rev-parse', 'main^{tree}'));
    expect(manifest.approver).toMatchObject({ principal: 'dana@example.com', format: 'ssh' });
    for (const [path, digest] of Object.entries(manifest.files)) {
      expect(
        createHash('sha256')
          .update(`${repo.git('show', `${seal}:${path}`)}\n`)
          .digest('hex'),
        path,
      ).toBe(digest);
    }
    expect(changed.every((path) => path in manifest.files)).toBe(true);
    expect(
      lines(repo.git('diff', '--name-only', manifest.checked_tree, manifest.landed_tree)).filter((path) => !allowed.test(path)),
    ).toEqual([]);
    const trailer = (key: string) => repo.git('log', '-1', `--format=%(trailers:key=${key},valueonly)`, 'main').trim();
    expect(trailer('Session-Id')).toBe(id);
    expect(trailer('Session-Event')).toBe('closeout');
    expect(trailer('Session-Approved-By')).toBe('dana@example.com');
    expect(trailer('Session-Manifest')).toBe(`sha256:${createHash('sha256').update(text).digest('hex')}`);
    expect(trailer('Session-Backup')).toBe(`.swarm/backups/${id}.json sha256:${manifest.files[`.swarm/backups/${id}.json`]}`);
    const checks = manifest.checks.length;
    expect(repo.git('log', '-1', '--format=%s', 'main')).toBe(`session: login-form (1 change, 3 artifacts, checks ${checks}/${checks})`);
  });

  test('writes the documents of the description, strictly by their schemas', () => {
    const read = (path: string) => JSON.parse(repo.read(path));
    const metadata = metadataSchema.parse(read(at('metadata.json')));
    expect(metadata).toMatchObject({ status: 'closed', backup_location: `.swarm/backups/${id}.json` });
    const backup = backupSchema.parse(read(`.swarm/backups/${id}.json`));
    const metrics = metricsSchema.parse(read(at('metrics.json')));
    const inventory = inventorySchema.parse(read(at('inventory.json')));
    expect(backup).toMatchObject({
      session_id: id,
      closed_at: metadata.closed_at,
      topic: 'login-form',
      agents: [{ type: 'backend-dev', task: 'Build the form', status: 'completed' }],
      artifacts: { code: ['login.js'], tests: ['login.test.js'], docs: ['API.md'], scripts: [], notes: [] },
      metrics: { files_created: 3, memory_entries: 3, agents_spawned: 1, test_coverage: null },
      learned_patterns: [{ pattern_id: 'auth-form', success_rate: null, claimed_success_rate: 100, reusable: true }],
    });
    expect(backup.not_recorded).toContain('metrics.test_coverage');
    expect(Object.keys(backup.memory_snapshot).sort()).toEqual(['coordination', 'reasoning-bank']);
    expect(backup.inventory).toEqual({ artifacts: inventory.artifacts, workspace: inventory.workspace });
    for (const { path, blob, size } of inventory.artifacts) {
      expect([repo.git('rev-parse', `main:${path}`), Number(repo.git('cat-file', '-s', blob))]).toEqual([blob, size]);
    }
    expect(inventory.workspace).toMatchObject([{ path: 'README.md', status: 'modified', task: 'task-1', actor: { name: 'backend-dev' } }]);
    expect(metrics.checks.find((check) => check.name === 'greeting')).toMatchObject({ status: 'passed', required: true });
    const summary = repo.read(at('session-summary.md'));
    expect(summary).toMatch(/^## Session Summary: login-form\n/);
    for (const part of [
      ...['**Duration**: ', '**Agents spawned**: 1 (backend-dev)', '**Artifacts created**: 3', '- code/login.js (Checks a password)'],
      ...['- tests/login.test.js (Build the form)', '- docs/API.md (Login API)', '**Workspace changes**: 1\n- modified README.md'],
      ...[
        '**Memory entries**: 3\n- coordination: 1 (swarm/shared/api-contract)\n- reasoning-bank: 2',
        '**Learned patterns**: 1',
        '✅ greeting: ',
        '**Recommendation**: Close the session and archive it to .swarm/backups/',
      ],
      '**Not recorded**:',
    ]) {
      expect(summary).toContain(part);
    }
  });

  test('compacts the log: lifecycle and project memory land, session memory leaves the tip, decisions are added', () => {
    const files = lines(repo.git('ls-tree', '-r', '--name-only', 'main', `.swarm/log/${id}/`));
    const records = files.flatMap((file) => lines(repo.git('show', `main:${file}`)).map((line) => JSON.parse(line)));
    const keys = records.filter((record) => record.kind === 'memory.stored').map((record) => `${record.data.namespace}/${record.data.key}`);
    expect(keys.sort()).toEqual(['reasoning-bank/pattern/auth/form', `reasoning-bank/trajectory/${id}/decisions`]);
    const kinds = new Set(records.map((record) => record.kind));
    for (const kind of ['session.started', 'task.started', 'task.finished', 'file.edited', 'check.ran', 'closeout.prepared'])
      expect(kinds).toContain(kind);
    expect(repo.git('log', '-p', '--format=', 'main', '--', '.swarm/log')).toContain('swarm/shared/api-contract');
  });

  test('a dropped pattern does not land', async () => {
    const other = copyOf(open);
    await other.ok(['closeout', '--yes', '--drop-pattern', 'auth/form']);
    const files = lines(other.git('ls-tree', '-r', '--name-only', 'main', '.swarm/log/', '.swarm/backups/'));
    expect(files.filter((file) => other.read(file).includes('one form'))).toEqual([]);
    const backup = backupSchema.parse(JSON.parse(other.read(`.swarm/backups/${id}.json`)));
    expect(backup).toMatchObject({ learned_patterns: [], dropped_patterns: ['pattern/auth/form'], metrics: { memory_entries: 2 } });
  });
});
