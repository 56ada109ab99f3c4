// One agent of the demo, in a process of its own: it works only through `git session` and files, as any coding agent could.
// Usage: node agent.mjs <implementation|testing|documentation|review>, in the session's checkout, GIT_SESSION_PATH set.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const here = import.meta.dirname;
const role = process.argv[2] ?? '';
const root = process.env.GIT_SESSION_PATH ?? '';

const session = (...args) => execFileSync('git', ['session', ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
const waitFor = (key) => session('memory', 'get', key, '--wait', '60').trim();

/** Copies a file of the demo's calculator into the session and reports the edit. */
function write(kind, name, task, more = []) {
  const path = join(root, 'artifacts', kind, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, readFileSync(join(here, 'calculator', kind, name)));
  session('hooks', 'post-edit', '--file', path, '--task-id', task, ...more);
}

const AGENTS = {
  implementation: {
    type: 'backend-dev',
    task: 'task-calculator-001',
    description: 'Build the calculator: parser, HTTP backend and page',
    work(task) {
      session(
        'memory',
        'store',
        'swarm/shared/api-contract',
        JSON.stringify({ evaluate: 'evaluate(text) -> number, throws SyntaxError', http: 'GET /evaluate?text=1%2B2 -> {"value": 3}' }),
      );
      write('code', 'calculator.js', task);
      write('code', 'server.js', task, ['--memory-key', 'swarm/coder/server-complete']);
      write('code', 'index.html', task);
      session('memory', 'store', 'swarm/shared/implementation', 'ready');
    },
  },
  testing: {
    type: 'tester',
    task: 'task-tests-002',
    description: 'Write unit and integration tests of the calculator',
    work(task) {
      waitFor('swarm/shared/api-contract');
      write('tests', 'unit/calculator.test.js', task);
      write('tests', 'integration/server.test.js', task);
      session('memory', 'store', 'swarm/shared/tests', 'ready');
    },
  },
  documentation: {
    type: 'api-docs',
    task: 'task-docs-003',
    description: 'Document the API and how to embed the page',
    work(task) {
      waitFor('swarm/shared/api-contract');
      write('docs', 'API.md', task);
      write('docs', 'integration-guide.md', task);
    },
  },
  review: {
    type: 'reviewer',
    task: 'task-review-004',
    description: 'Review the calculator and note decisions',
    work(task) {
      waitFor('swarm/shared/implementation');
      waitFor('swarm/shared/tests');
      write('notes', 'decisions.md', task);
      const pattern = {
        pattern_id: 'calculator-recursive-descent',
        title: 'Parse arithmetic with recursive descent, never eval',
        approach: 'A recursive-descent parser over the text, one function for each precedence level',
        implementation: { levels: ['sum', 'product', 'unary', 'atom'], errors: 'SyntaxError with the position' },
        lessons_learned: ['eval() of a calculator input runs code', 'Test precedence and unary minus first: most bugs are there'],
      };
      session('memory', 'store', 'pattern/calculator/recursive-descent', JSON.stringify(pattern));
    },
  },
};

const agent = AGENTS[role];
if (!agent) throw new Error(`no agent "${role}"`);
// Who records belong to, as an agent's client would set it.
Object.assign(process.env, { GIT_SESSION_TASK: agent.task, GIT_SESSION_AGENT: agent.type });
session('hooks', 'pre-task', '--task-id', agent.task, '--description', agent.description, '--agent', agent.type);
agent.work(agent.task);
session('hooks', 'post-task', '--task-id', agent.task, '--status', 'completed', '--wait');
