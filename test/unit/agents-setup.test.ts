/** Connecting a client: merged into what is there, once, brought up to date, and taken out byte for byte. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { planSetup, planTakeOut, SETUPS, type SetupName } from '../../src/agents/setup/index.ts';
import { HOOK_FILE } from '../../src/agents/setup/pieces.ts';
import { DEFAULT_POLICY } from '../../src/core/policy/policy.ts';
import { addToList, dropFromList } from '../../src/core/text/json-list.ts';

type Files = Record<string, string>;

const reader = (files: Files) => async (path: string) => files[path] ?? null;

async function connect(files: Files, clients: SetupName[]): Promise<Files> {
  const { changes } = await planSetup(clients, reader(files), DEFAULT_POLICY);
  return { ...files, ...Object.fromEntries(changes.map(({ path, after }) => [path, after ?? ''])) };
}

async function takeOut(files: Files, clients: SetupName[]): Promise<Files> {
  const { changes } = await planTakeOut(clients, reader(files));
  const left = { ...files };
  for (const { path, after } of changes) {
    if (after === null) delete left[path];
    else left[path] = after;
  }
  return left;
}

const OWN_HOOK = { matcher: 'Bash', hooks: [{ type: 'command', command: './lint.sh' }] };
const SETTINGS: Record<string, string> = {
  'two spaces': `${JSON.stringify({ model: 'opus', hooks: { PreToolUse: [OWN_HOOK], Stop: [OWN_HOOK] }, permissions: { allow: ['Bash(npm:*)'], deny: [] } }, null, 2)}\n`,
  tabs: `${JSON.stringify({ hooks: { PostToolUse: [OWN_HOOK] } }, null, '\t')}\n`,
  'one line': '{"hooks":{"PreToolUse":[{"matcher":"Bash","hooks":[]}]},"permissions":{"allow":["x"]}}',
  'CRLF, no newline at the end': '{\r\n  "env": { "A": "1" }\r\n}',
  'a text of our name': `${JSON.stringify({ note: '.swarm/hook.sh' }, null, 4)}\n`,
};

describe.each(Object.keys(SETUPS) as SetupName[])('%s', (client) => {
  test('twice is once', async () => {
    const once = await connect({}, [client]);
    expect(Object.keys(once).includes(HOOK_FILE)).toBe(client !== 'generic');
    expect((await planSetup([client], reader(once), DEFAULT_POLICY)).changes).toEqual([]);
  });

  test('taken out of a repository that had nothing, nothing is left', async () => {
    expect(await takeOut(await connect({}, [client]), [client])).toEqual({});
  });
});

describe('settings of Claude Code that are there already', () => {
  test.each(Object.entries(SETTINGS))('%s: kept, and as they were after taking ours out', async (_, text) => {
    const files = { '.claude/settings.json': text, '.mcp.json': '{ "mcpServers": { "other": { "command": "x" } } }\n' };
    const connected = await connect(files, ['claude']);
    const [before, after] = [JSON.parse(text), JSON.parse(connected['.claude/settings.json'] ?? '')];
    for (const [key, value] of Object.entries(before)) if (key !== 'hooks' && key !== 'permissions') expect(after[key]).toEqual(value);
    for (const [event, groups] of Object.entries(before.hooks ?? {}))
      expect(after.hooks[event].slice(0, (groups as []).length)).toEqual(groups);
    expect(Object.keys(JSON.parse(connected['.mcp.json'] ?? '').mcpServers)).toEqual(['other', 'git-session']);
    expect((await planSetup(['claude'], reader(connected), DEFAULT_POLICY)).changes).toEqual([]);
    expect(await takeOut(connected, ['claude'])).toEqual(files);
  });

  test('an older set-up of ours is replaced, what others added since stays', async () => {
    const connected = await connect({}, ['claude']);
    const settings = JSON.parse(connected['.claude/settings.json'] ?? '');
    settings.hooks.SessionStart[0].hooks[0].timeout = 1;
    settings.hooks.SessionStart.push(OWN_HOOK);
    const old = { ...connected, '.claude/settings.json': JSON.stringify(settings, null, 2), '.swarm/hook.sh': 'old\n' };
    const now = await connect(old, ['claude']);
    expect(now['.swarm/hook.sh']).toBe(connected['.swarm/hook.sh']);
    const groups = JSON.parse(now['.claude/settings.json'] ?? '').hooks.SessionStart;
    expect(groups).toEqual([OWN_HOOK, JSON.parse(connected['.claude/settings.json'] ?? '').hooks.SessionStart[0]]);
    expect(JSON.parse((await takeOut(now, ['claude']))['.claude/settings.json'] ?? '')).toEqual({ hooks: { SessionStart: [OWN_HOOK] } });
  });

  test.each(['claude', 'codex', 'gemini'] as const)(
    'an entry whose matcher was another one is replaced, not doubled: %s',
    async (client) => {
      const connected = await connect({}, [client]);
      for (const [path, text] of Object.entries(connected)) {
        if (!text.includes('"matcher"')) continue;
        const old = { ...connected, [path]: text.replaceAll(/("matcher": "[^"]*)"/g, '$1|AnOlderTool"') };
        expect(old[path]).not.toBe(text);
        expect(JSON.parse((await connect(old, [client]))[path] ?? '')).toEqual(JSON.parse(text));
        expect((await takeOut(old, [client]))[path]).toBeUndefined();
      }
    },
  );

  test('hooks for worktrees: there unless policy leaves them to the client, or somebody has one of their own', async () => {
    const hooksOf = (files: Files) => JSON.parse(files['.claude/settings.json'] ?? '').hooks;
    const connected = await connect({}, ['claude']);
    expect(hooksOf(connected)).toMatchObject({ WorktreeCreate: [{}], WorktreeRemove: [{}] });
    const { changes } = await planSetup(['claude'], reader(connected), { client_worktrees: 'plain' });
    expect(changes.map(({ path }) => path)).toEqual(['.claude/settings.json']);
    const plain = JSON.parse(changes[0]?.after ?? '').hooks;
    expect([plain.WorktreeCreate ?? [], plain.WorktreeRemove ?? []]).toEqual([[], []]);
    expect(plain.SessionStart).toEqual(hooksOf(connected).SessionStart);
    const own = { hooks: { WorktreeCreate: [OWN_HOOK] } };
    const beside = hooksOf(await connect({ '.claude/settings.json': JSON.stringify(own) }, ['claude']));
    expect([beside.WorktreeCreate, beside.WorktreeRemove ?? []]).toEqual([[OWN_HOOK], []]);
  });

  test('a file that is no JSON is named and left alone, whole', async () => {
    const { changes, blocked } = await planSetup(
      ['claude'],
      reader({ '.claude/settings.json': '{ // mine\n}', '.mcp.json': '{"mcpServers": []}' }),
      DEFAULT_POLICY,
    );
    expect(blocked).toEqual(['.claude/settings.json', '.mcp.json']);
    expect(changes.map(({ path }) => path)).not.toContain('.claude/settings.json');
  });
});

test('an element put into a list of any JSON and taken out again leaves every byte', () => {
  const key = fc.constantFrom('a', 'b', 'hooks');
  const value = fc.json({ maxDepth: 2 }).map((json) => JSON.parse(json));
  const list = fc.array(value, { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(fc.dictionary(key, list, { minKeys: 1, maxKeys: 3 }), key, fc.constantFrom(0, 2, '\t'), (object, at, indent) => {
      const text = JSON.stringify(object, null, indent);
      const added = addToList(text, [at], { 'our own': true });
      expect(JSON.parse(added ?? '')).toEqual({ ...object, [at]: [...(object[at] ?? []), { 'our own': true }] });
      const isOurs = (element: unknown) => typeof element === 'object' && element !== null && 'our own' in element;
      expect(dropFromList(added ?? '', [at], isOurs)).toBe(text);
    }),
  );
});
