// npm run demo: a whole session for real, in a new temporary repository, through the commands that anyone would type.
// Every step is a real process; any failing step fails the demo. The repository is kept, and its path printed alone on a line.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { styleText } from 'node:util';

const root = join(import.meta.dirname, '..');
const home = mkdtempSync(join(tmpdir(), 'git-session-demo-'));
const repo = join(home, 'calculator');
const bin = join(home, 'bin');
for (const dir of [repo, bin]) mkdirSync(dir);
// `git session` is found by git itself, as after an installation.
symlinkSync(join(root, 'dist', 'cli.cjs'), join(bin, 'git-session'));

const agentEnvironment = Object.keys(process.env).some((name) => /^(CLAUDECODE|AI_AGENT)$/.test(name));
const person = process.stdin.isTTY && process.stdout.isTTY && !agentEnvironment;
const key = join(home, 'id_ed25519');
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(GIT_|CLAUDE|AI_AGENT)/.test(name)));
Object.assign(env, {
  PATH: `${bin}${delimiter}${process.env.PATH}`,
  HOME: home,
  GIT_CONFIG_GLOBAL: join(home, 'gitconfig'),
  GIT_CONFIG_NOSYSTEM: '1',
});
writeFileSync(env.GIT_CONFIG_GLOBAL, '[user]\n\tname = Demo Person\n\temail = demo@example.com\n[init]\n\tdefaultBranch = main\n');

const paint = (style, text) => (process.stdout.isTTY && !process.env.NO_COLOR ? styleText(style, text) : text);
const heading = (text) => console.log(`\n${paint('bold', text)}`);

/** Runs a program and returns what it printed; shows the line, and on failure everything it said. */
function run(file, args, options = {}) {
  const line = [file, ...args].map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');
  if (!options.quiet) console.log(paint('cyan', `$ ${line}`));
  try {
    const out = execFileSync(file, args, {
      cwd: repo,
      env: { ...env, ...options.env },
      encoding: 'utf8',
      stdio: options.stdio ?? ['ignore', 'pipe', 'inherit'],
    });
    if (out && !options.quiet) console.log(out.trimEnd());
    return out ?? '';
  } catch (error) {
    console.error(`${line}\nexited with ${error.status}\n${error.stdout ?? ''}`);
    process.exit(1);
  }
}
const session = (...args) => run('git', ['session', ...args]);
const facts = (...args) => JSON.parse(run('git', ['session', ...args, '--json'], { quiet: true }));

function assert(condition, what) {
  if (!condition) {
    console.error(`${paint('red', 'FAILED:')} ${what}`);
    process.exit(1);
  }
  console.log(`  ${paint('green', '✓')} ${what}`);
}

heading('A new repository, on main, with a throwaway key');
run('git', ['init', '-q', '-b', 'main', '.']);
writeFileSync(join(repo, 'README.md'), '# Calculator\n');
writeFileSync(join(repo, 'package.json'), `${JSON.stringify({ name: 'calculator', private: true, type: 'module' }, null, 2)}\n`);
run('git', ['add', '.']);
run('git', ['commit', '-q', '-m', 'A project to work in']);
run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', 'demo@example.com', '-f', key], { quiet: true });
if (!person)
  console.log(
    'No person at a terminal: this repository\u2019s own policy says `presence: none`, which admits the throwaway key unattended.',
  );
session(
  'init',
  '--yes',
  '--signing-key',
  key,
  '--presence',
  person ? 'terminal' : 'none',
  '--no-detect',
  '--check',
  'tests=node --test --experimental-test-coverage',
);

heading('1. Start');
session('start', 'calculator-app', '--goal', 'A small calculator: backend, page, tests and docs');
const first = facts('status').session;
const path = `sessions/${first.id}`;

heading('2 to 4. Four agents, each a process of its own, coordinate through memory and write artifacts');
const agents = ['implementation', 'testing', 'documentation', 'review'].map(
  (role) =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, [join(root, 'scripts', 'demo', 'agent.mjs'), role], {
        cwd: repo,
        env: { ...env, GIT_SESSION_ID: first.id, GIT_SESSION_PATH: join(repo, path) },
        stdio: ['ignore', 'inherit', 'inherit'],
      });
      child.on('exit', (code) => {
        console.log(`  ${role} agent ended with ${code}`);
        resolve(code);
      });
    }),
);
if ((await Promise.all(agents)).some((code) => code !== 0)) assert(false, 'every agent finished');
session('status');

heading('5. Closeout: checks, review, signature, landing');
run('git', ['session', 'closeout', ...(person ? [] : ['--yes'])], person ? { stdio: 'inherit' } : {});

heading('6. Backup and learning: what git holds now');
run('git', ['log', '--first-parent', '--format=%h %s', 'main']);
run('git', ['tag', '--list', 'backup/*']);
const read = (file) => readFileSync(join(repo, file), 'utf8');
const backup = JSON.parse(read(`.swarm/backups/${first.id}.json`));
const summary = read(`${path}/session-summary.md`);
const artifacts = readdirSync(join(repo, path, 'artifacts'), { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => entry.name);

heading('The seed\u2019s success criteria');
assert(
  ['backend-dev', 'tester', 'api-docs', 'reviewer'].every((agent) => summary.includes(agent)) &&
    artifacts.length === 8 &&
    artifacts.every((name) => summary.includes(name)),
  `the session summary shows all 4 agents and all ${artifacts.length} artifacts`,
);
assert(
  backup.session_id === first.id &&
    backup.agents.length === 4 &&
    backup.metrics.files_created === 8 &&
    backup.metrics.test_coverage >= 90 &&
    Object.keys(backup.memory_snapshot).includes('coordination'),
  `the backup JSON holds the complete snapshot: 4 agents, 8 files, memory, coverage ${backup.metrics.test_coverage} %`,
);
assert(
  backup.learned_patterns.some((pattern) => pattern.pattern_id === 'calculator-recursive-descent') &&
    Array.isArray(backup.memory_snapshot['reasoning-bank']),
  'the learned pattern is stored in reasoning-bank',
);
const top = run('git', ['ls-tree', '--name-only', 'main'], { quiet: true }).trim().split('\n');
assert(
  run('git', ['status', '--porcelain'], { quiet: true }) === '' &&
    !top.some((name) => /calculator|test|notes/.test(name)) &&
    JSON.parse(read(`${path}/metadata.json`)).status === 'closed',
  'the session directory is clean and organised: nothing at the root, nothing uncommitted, metadata closed',
);

heading('The next session is offered what was learned');
session('start', 'calculator-expression-parser', '--goal', 'Parse exponents in calculator expressions');
const offered = facts('memory', 'search', '--pattern', 'pattern/%', '--namespace', 'reasoning-bank');
assert(JSON.stringify(offered).includes('calculator-recursive-descent'), 'the pattern is found in the second session');
run('git', ['switch', '-q', 'main']);

heading('Anyone with a clone can check it');
session('verify', '--all');
run('git', ['-c', 'gpg.ssh.allowedSignersFile=.swarm/allowed_signers', 'verify-tag', `backup/${first.id}`]);

heading('Done. The repository stays here, with main checked out:');
console.log(repo);
