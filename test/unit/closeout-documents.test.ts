/** The documents of a closeout: every figure from the facts, what is unknown is null and named. */

import { describe, expect, test } from 'vitest';
import { backupSchema } from '../../src/closeout/schemas/backup.ts';
import { inventorySchema } from '../../src/closeout/schemas/inventory.ts';
import { metricsSchema } from '../../src/closeout/schemas/metrics.ts';
import { aboutOf } from '../../src/core/documents/about.ts';
import { backupOf } from '../../src/core/documents/backup.ts';
import { decidePatterns } from '../../src/core/documents/facts.ts';
import { activeMinutes, agentsOf, testCoverage, unknownPlaces } from '../../src/core/documents/figures.ts';
import { inventoryOf } from '../../src/core/documents/inventory.ts';
import { metricsOf } from '../../src/core/documents/metrics.ts';
import { recommendation, summaryOf, UNTESTED, untested } from '../../src/core/documents/summary.ts';
import { decisionsOf, withDecisions } from '../../src/core/documents/trajectory.ts';
import type { CheckResult } from '../../src/core/policy/policy.ts';
import { checkResult, closeoutFacts, ID } from '../support/closeout-facts.ts';

const facts = closeoutFacts();

describe('backup', () => {
  test('has every field of the description under its name, strictly by the schema', () => {
    const backup = backupSchema.parse(backupOf(facts));
    expect(backup).toMatchObject({
      session_id: ID,
      created_at: '2025-11-17T14:30:22.000Z',
      closed_at: '2025-11-17T14:45:22.000Z',
      duration_minutes: 15,
      topic: 'login-form',
      agents: [
        { type: 'backend-dev', task: 'Build the form', status: 'completed', duration_minutes: 10 },
        { type: 'tester', task: 'Write tests', status: 'open', duration_minutes: null },
      ],
      artifacts: { code: ['auth.js'], tests: ['auth.test.js'], docs: [], scripts: [], notes: [] },
      memory_snapshot: { coordination: [{ key: 'api', value: 'POST /login' }], 'reasoning-bank': [{ key: 'pattern/auth/jwt' }] },
      metrics: { test_coverage: 98.5, files_created: 2, memory_entries: 2, agents_spawned: 2 },
      learned_patterns: [{ pattern_id: 'auth-jwt', success_rate: null, claimed_success_rate: 100, reusable: true }],
    });
    expect(backup.not_recorded).toContain('agents[].duration_minutes');
    expect(backup.not_recorded).toContain('inventory.workspace[].actor');
  });

  test('a success rate is measured, k of n, and never the claim', () => {
    const [pattern] = facts.patterns;
    if (!pattern) throw new Error('no pattern');
    const measured = backupOf({ ...facts, patterns: [{ ...pattern, measured: { k: 2, n: 3 } }] });
    expect(measured.learned_patterns[0]).toMatchObject({ success_rate: 66.7, measured: { k: 2, n: 3 }, claimed_success_rate: 100 });
    expect(measured.not_recorded).not.toContain('learned_patterns[].success_rate');
  });

  test('a dropped pattern leaves only its key', () => {
    const backup = backupOf(decidePatterns(facts, { dropped: new Set(['pattern/auth/jwt']) }));
    expect(backup).toMatchObject({ learned_patterns: [], dropped_patterns: ['pattern/auth/jwt'], metrics: { memory_entries: 1 } });
    expect(JSON.stringify(backup)).not.toContain('cookies');
  });

  test('namespaces that JavaScript gives a meaning are namespaces', () => {
    const [entry] = facts.memory;
    if (!entry) throw new Error('no entry');
    const backup = backupOf({ ...facts, memory: [{ ...entry, namespace: '__proto__' }] });
    expect(Object.keys(backup.memory_snapshot)).toEqual(['__proto__']);
    expect(backupSchema.safeParse(JSON.parse(JSON.stringify(backup))).success).toBe(true);
  });
});

describe('metrics and inventory', () => {
  test('hold what was counted; an open task has no end', () => {
    const metrics = metricsSchema.parse(metricsOf(facts));
    expect(metrics).toMatchObject({ agents_spawned: 2, lines_added: 17, lines_removed: 1, artifacts: { code: 1, tests: 1 } });
    expect(metrics.tasks[0]).toMatchObject({ duration_minutes: 10, edits: 3, lines_added: 10, tokens: 1200, tool_calls: 7 });
    expect(metrics.agents).toMatchObject([
      { type: 'backend-dev', outcomes: { completed: 1, open: 0 }, edits: 3, lines_added: 10, tokens: 1200, tool_calls: 7 },
      { type: 'tester', id: 'agent-2', outcomes: { completed: 0, open: 1 }, edits: 0, lines_added: 5, tokens: null, tool_calls: null },
    ]);
    expect(metrics.agents[0]).toMatchObject({ started_at: facts.tasks[0]?.started_at, finished_at: facts.tasks[0]?.finished_at });
    expect(metrics.agents[1]).not.toHaveProperty('finished_at');
    expect(metrics.tasks[1]).not.toHaveProperty('finished_at');
    expect(metrics.not_recorded).toEqual([
      ...['agents[].duration_minutes', 'agents[].tokens', 'agents[].tool_calls'],
      ...['tasks[].model', 'tasks[].tokens', 'tasks[].tool_calls'],
    ]);
  });

  test('a binary file makes lines unknown, not nought', () => {
    const [artifact] = facts.artifacts;
    if (!artifact) throw new Error('no artifact');
    const metrics = metricsOf({ ...facts, artifacts: [{ ...artifact, lines: null }] });
    expect(metrics.lines_added).toBeNull();
    expect(metrics.not_recorded).toContain('lines_added');
  });

  test('the inventory names every artifact and workspace change', () => {
    const inventory = inventorySchema.parse(inventoryOf(facts));
    expect(inventory.artifacts.map(({ kind, name, task }) => [kind, name, task])).toEqual([
      ['code', 'auth.js', 't1'],
      ['tests', 'auth.test.js', 't2'],
    ]);
    expect(inventory.workspace).toMatchObject([{ path: 'README.md', status: 'modified', task: null, actor: null }]);
    expect(inventory.not_recorded).toEqual(['workspace[].actor', 'workspace[].task']);
  });

  test('people are no agents, and an agent with two tasks is one', () => {
    const [first, second] = facts.tasks;
    if (!first || !second) throw new Error('no tasks');
    const again = { ...second, task: 't3', agent: { ...second.agent } };
    expect(agentsOf({ tasks: [first, second, again], personTasks: new Set(['t1']) })).toHaveLength(1);
  });

  test('active time leaves long pauses out; coverage is the lowest that passed', () => {
    const at = (...minutes: number[]) => ({
      ...{ created_at: '2025-11-17T14:00:00.000Z', closed_at: '2025-11-17T16:00:00.000Z' },
      moments: minutes.map((minute) => Date.parse('2025-11-17T14:00:00.000Z') + minute * 60_000),
    });
    expect(activeMinutes(at(0, 5, 60, 61))).toBe(6);
    expect(activeMinutes(at(0))).toBeNull();
    // Checks ran at 0.9 minutes, and a person read the review for ten before saying yes.
    expect(activeMinutes({ ...at(0, 0.5, 0.9), closed_at: '2025-11-17T14:11:18.000Z' })).toBe(11.3);
    const failed = checkResult('b', { status: 'failed', coverage: 10 });
    expect(testCoverage([checkResult('a'), checkResult('c', { coverage: 80 }), failed])).toBe(80);
    expect(testCoverage([failed])).toBeNull();
  });

  test('active time is never longer than the session: what was recorded before or after it is not of it', () => {
    const start = Date.parse(facts.created_at);
    const moments = Array.from({ length: 60 }, (_, i) => start + (i - 30) * 60_000);
    const metrics = metricsOf({ ...facts, moments });
    expect(metrics.duration_minutes).toBe(15);
    expect(metrics.active_minutes).toBe(15);
  });

  test('an agent without an id is one by its type, however many tasks it has', () => {
    const [first] = facts.tasks;
    if (!first) throw new Error('no task');
    const tasks = ['t1', 't2', 't3', 't4'].map((task) => ({ ...first, task }));
    tasks.push({ ...first, task: 't5', agent: { ...first.agent, type: 'tester' } });
    const many = { ...facts, tasks, personTasks: new Set<string>() };
    expect(agentsOf(many).map((agent) => [agent.type, agent.tasks.length])).toEqual([
      ['backend-dev', 4],
      ['tester', 1],
    ]);
    expect(metricsOf(many)).toMatchObject({ agents_spawned: 2 });
    expect(metricsOf(many).agents).toHaveLength(2);
    expect(backupOf(many).metrics.agents_spawned).toBe(2);
    expect(backupOf(many).agents).toHaveLength(5);
  });

  test('unknown places are named once, generic, sorted', () => {
    expect(unknownPlaces({ b: [{ x: null }, { x: null }], a: null, skip: { y: null } }, ['skip'])).toEqual(['a', 'b[].x']);
  });
});

describe('summary', () => {
  test('reads as the description shows it', () => {
    expect(summaryOf(facts)).toBe(`## Session Summary: login-form

**Goal**: People can log in

**Duration**: 15 minutes (15 active)

**Agents spawned**: 2 (backend-dev, tester)

**Tasks**: 2
- completed: Build the form (backend-dev)
- open: Write tests (tester)

**Artifacts created**: 2
- code/auth.js (Checks a password)
- tests/auth.test.js (Write tests)

**Workspace changes**: 1
- modified README.md

**Memory entries**: 2
- coordination: 1 (api)
- reasoning-bank: 1 (pattern/auth/jwt)

**Learned patterns**: 1
- cookies (no closeout counted yet, 100 % claimed)

**Recommendation**: Close the session and archive it to .swarm/backups/

**Quality checks**:
- ✅ tests: 4 tests passed (98.5% coverage)

**Not recorded**:
- tokens, tool calls and models (no agent client reported them)
- how long some agents worked (some tasks have not ended)
`);
  });

  test('counts the decisions that the seal will add, and names them; once, however often', () => {
    const again = withDecisions(withDecisions(facts));
    expect(summaryOf(again)).toContain(
      "**Memory entries**: 3\n- coordination: 1 (api)\n- reasoning-bank: 2, one of them this session's decisions, by the seal (pattern/auth/jwt)\n",
    );
    expect(metricsOf(again).memory_entries).toBe(3);
  });

  test('takes text of agents as text', () => {
    const text = summaryOf({ ...facts, goal: 'x <img src=http://evil> [a](http://b) `c`\n## Session Summary: forged' });
    expect(text).toContain('x \\<img src=http://evil\\> \\[a\\](http://b) \\`c\\` ## Session Summary: forged');
    expect(text.match(/^## /gm)).toHaveLength(1);
  });

  test('recommends by the states of checks alone', () => {
    const of = (...checks: CheckResult[]) => recommendation({ ...facts, checks });
    expect(of()).toContain('no check was recorded');
    expect(of(checkResult('a'), checkResult('b', { status: 'not-needed' }))).toBe('Close the session and archive it to .swarm/backups/');
    expect(of(checkResult('lint', { required: false, status: 'not-recorded' }))).toContain('once someone has looked at lint');
    expect(of(checkResult('tests', { status: 'timed-out' }))).toBe('Do not close yet: tests must pass first');
  });

  test('where the policy names no check, everything says loudly that nothing was tested', () => {
    const only = { ...facts, checks: [checkResult('secrets', { source: 'built-in', tests: null, coverage: null })] };
    expect(recommendation(only)).toBe('Close the session and archive it to .swarm/backups/, only after a look: nothing was tested');
    expect(summaryOf(only)).toContain(`**Quality checks**:\n- ❗ ${UNTESTED}\n`);
    expect(summaryOf(facts)).not.toContain(UNTESTED);
    expect(untested({ ...only, abandoned: { reason: null } })).toBe(false);
  });

  test('before a closeout it tells the last runs that were recorded, and when', () => {
    const run = { name: 'test', status: 'passed', tree: 'f', exit_code: 0, duration_ms: 5, tests: 3, coverage: 91 } as const;
    const text = summaryOf({ ...facts, checks: [], recorded: [{ ...run, at: '2025-11-17T14:40:00.000Z' }] });
    expect(text).toContain('- ✅ test: passed, 3 of 3 tests passed, 91% coverage, 2025-11-17 14:40 UTC\n');
    expect(text).not.toContain('no check');
  });

  test('a check that did not run shows no tick', () => {
    const text = summaryOf({
      ...facts,
      checks: [checkResult('e2e', { required: false, status: 'not-run', detail: 'It was not run.', coverage: null })],
    });
    expect(text).toContain('– e2e: not run: It was not run. (not required)');
    expect(text).toContain('- check e2e');
  });
});

describe('what a file says of itself', () => {
  test.each([
    ['API.md', '---\ntitle: x\n---\n\n# Login API #\ntext', 'Login API'],
    ['auth.js', '#!/usr/bin/env node\n"use strict";\n/**\n * Checks a password. Twice.\n */', 'Checks a password'],
    ['a.ts', '// eslint-disable-next-line\n// Copyright 2025\n// Talks to the bank\ncode', 'Talks to the bank'],
    ['a.py', '#!/usr/bin/python\n# -*- coding: utf-8 -*-\n"""Counts words."""\n', 'Counts words'],
    ['deploy.sh', '#!/bin/sh\n# Puts it on the server\nset -e', 'Puts it on the server'],
    ['page.html', '<html><head><title>Calculator</title>', 'Calculator'],
    ['package.json', '{"description":"A tool"}', 'A tool'],
    ['bad.json', '{', null],
    ['code.js', 'export const x = 1;\n// later', null],
    ['empty.md', '', null],
  ])('%s', (path, text, wanted) => {
    expect(aboutOf(path, text)).toBe(wanted);
  });

  test('in one safe line', () => {
    expect(aboutOf('a.md', `# ${'x'.repeat(500)}`)).toHaveLength(160);
    expect(aboutOf('a.md', '# a\u001b[31mred')).toBe('a^[[31mred');
  });
});

test('decisions fit on a line of the log, however long the session was', () => {
  const [task] = facts.tasks;
  if (!task) throw new Error('no task');
  const tasks = Array.from({ length: 5000 }, (_, i) => ({ ...task, task: `t${i}`, description: 'x'.repeat(500), note: 'y'.repeat(500) }));
  expect(JSON.stringify(decisionsOf({ ...facts, tasks, goal: 'g'.repeat(9000) })).length).toBeLessThan(40_000);
});
