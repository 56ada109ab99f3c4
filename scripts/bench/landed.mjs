// Many approved sessions at once: logs on main, and a signed tag for each, signed in this process since ssh-keygen takes 10 ms a time.
import { execFileSync } from 'node:child_process';
import { createHash, createPrivateKey, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { env, git } from './fixtures.mjs';

/** Lands `n` sessions of which each learned `each` things; `dataOf(i)` gives namespace, key and value of the i-th. The tags are by `key`. */
export function addLearnedSessions(dir, n, each, key, dataOf) {
  const head = git(dir, 'rev-parse', 'main');
  const stream = [`commit refs/heads/main\nmark :1\ncommitter Bench <bench@example.com> 1700000100 +0000\ndata 3\nold\nfrom ${head}\n`];
  const file = (path, text) => stream.push(`M 100644 inline ${path}\ndata ${Buffer.byteLength(text)}\n${text}\n`);
  const ids = [];
  const digests = {};
  for (let s = 0; s < n; s++) {
    const day = new Date(Date.UTC(2020, 0, 1) + s * 3600_000).toISOString();
    const id = `session-${day.slice(0, 10).replaceAll('-', '')}-${day.slice(11, 19).replaceAll(':', '')}-old-work-number-${s}`;
    ids.push(id);
    const record = (i) => ({
      ...{ v: 1, id: `bench-${String(i).padStart(8, '0')}`, at: new Date(Date.parse(day) + i).toISOString(), session: id },
      ...{ actor: { kind: 'agent', name: 'bench' }, kind: 'memory.stored', data: dataOf(i) },
    });
    const log = Array.from({ length: each }, (_, i) => `${JSON.stringify(record(s * each + i))}\n`).join('');
    digests[id] = { [`.swarm/log/${id}/bench.1.jsonl`]: createHash('sha256').update(log).digest('hex') };
    file(`.swarm/log/${id}/bench.1.jsonl`, log);
    const metadata = { version: 1, id, topic: `old-work-number-${s}`, goal: null, status: 'closed', created_at: day, closed_at: day };
    const rest = {
      branch: `session/${id.slice(8)}`,
      base: 'main',
      continues: null,
      related: [],
      backup_location: `.swarm/backups/${id}.json`,
    };
    file(`sessions/${id}/metadata.json`, `${JSON.stringify({ ...metadata, ...rest }, null, 2)}\n`);
  }
  importStream(dir, stream);
  git(dir, 'reset', '-q', '--hard');
  const seal = git(dir, 'rev-parse', 'main');
  const signer = signerOf(key);
  const tags = ids.map((id) => {
    const at = '2023-11-14T22:16:40.000Z';
    const manifest = {
      ...{ version: 1, session: id, seal, base: head, tip: head, base_branch: 'main', checks: [], files: digests[id], accepted: [] },
      ...{ patterns: { kept: [], dropped: [], edited: [] }, lessons_only: false, closed_at: at, approved_at: at, presence: 'none' },
      ...{ approver: { principal: 'bench@example.com', key: '', format: 'ssh' }, policy: { branch: 'main', commit: head, root: head } },
    };
    const message = `Backup of ${id}\n\n${JSON.stringify(manifest)}\n`;
    const header = `object ${seal}\ntype commit\ntag backup/${id}\ntagger Bench <bench@example.com> 1700000200 +0000\n\n`;
    const whole = message + signer(header + message);
    return `tag backup/${id}\nfrom ${seal}\ntagger Bench <bench@example.com> 1700000200 +0000\ndata ${Buffer.byteLength(whole)}\n${whole}\n`;
  });
  importStream(dir, tags);
  git(dir, 'pack-refs', '--all');
}

const importStream = (dir, stream) =>
  execFileSync('git', ['fast-import', '--quiet', '--force'], { cwd: dir, env, input: stream.join(''), maxBuffer: 1 << 30 });

/** Signs text as `git tag -s` does with this unencrypted ed25519 key (PROTOCOL.sshsig). */
function signerOf(path) {
  const bytes = Buffer.from(readFileSync(path, 'utf8').replace(/-----[^-]+-----|\n/g, ''), 'base64');
  const at = { now: 'openssh-key-v1\0'.length };
  const string = (from, where) => {
    const length = from.readUInt32BE(where.now);
    where.now += 4 + length;
    return from.subarray(where.now - length, where.now);
  };
  for (let i = 0; i < 3; i++) string(bytes, at);
  at.now += 4;
  const publicKey = string(bytes, at);
  const secret = string(bytes, at);
  const inner = { now: 8 };
  string(secret, inner);
  const x = string(secret, inner);
  const seed = string(secret, inner).subarray(0, 32);
  const key = createPrivateKey({
    key: { kty: 'OKP', crv: 'Ed25519', d: seed.toString('base64url'), x: x.toString('base64url') },
    format: 'jwk',
  });
  const sized = (data) => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    return Buffer.concat([length, data]);
  };
  const text = (word) => sized(Buffer.from(word));
  return (payload) => {
    const digest = sized(createHash('sha512').update(payload).digest());
    const signature = sign(null, Buffer.concat([Buffer.from('SSHSIG'), text('git'), text(''), text('sha512'), digest]), key);
    const version = Buffer.from([0, 0, 0, 1]);
    const blob = sized(Buffer.concat([text('ssh-ed25519'), sized(signature)]));
    const whole = Buffer.concat([Buffer.from('SSHSIG'), version, sized(publicKey), text('git'), text(''), text('sha512'), blob]);
    const lines = whole.toString('base64').match(/.{1,70}/g) ?? [];
    return `-----BEGIN SSH SIGNATURE-----\n${lines.join('\n')}\n-----END SSH SIGNATURE-----\n`;
  };
}
