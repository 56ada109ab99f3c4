/** The built agent hook, spawned with recorded payloads of real clients. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DIST, type Ran, ROOT, run, type TestRepo } from './repo.ts';

export const HOOK = join(DIST, 'hook.cjs');
export const RECORDED = join(ROOT, 'test/fixtures/agents');

export type Payload = Record<string, unknown>;

/** A payload as it was recorded, of a repository at /repo. */
export function recorded(client: string, name: string): Payload {
  return JSON.parse(readFileSync(join(RECORDED, client, `${name}.json`), 'utf8'));
}

/** The payload as if it had been recorded in that repository. */
export function inRepo(payload: Payload, dir: string): Payload {
  const text = JSON.stringify(payload).replace(/"\/repo(?=["/])/g, () => JSON.stringify(dir).slice(0, -1));
  return JSON.parse(text);
}

export interface HookRan extends Ran {
  /** What was printed, parsed; null where nothing was. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read single facts of it
  said: any;
}

/** Runs the hook with text on standard input. */
export async function hook(
  repo: TestRepo,
  client: string,
  event: string,
  input: string,
  env: Record<string, string | undefined> = {},
): Promise<HookRan> {
  const ran = await run(process.execPath, [HOOK, 'agent', client, event], { cwd: repo.dir, input, env: { CLAUDECODE: '1', ...env } });
  return { ...ran, said: ran.out.trim() === '' ? null : JSON.parse(ran.out) };
}

/** A chat of Claude Code: recorded payloads with this chat's id, and what a test changes in them. */
export class ClaudeChat {
  readonly repo: TestRepo;
  readonly id: string;
  constructor(repo: TestRepo, id = '1c972987-9cb1-4af6-929c-b249ce8c6f26') {
    this.repo = repo;
    this.id = id;
  }

  /** Sends the recorded payload `name` (its event is its name) with `changes`; fails the test where the hook does not exit with 0. */
  async send(name: string, changes: Payload = {}, env: Record<string, string | undefined> = {}): Promise<HookRan> {
    const event = name.replace(/-\d+$/, '');
    const payload = { ...inRepo(recorded('claude', name), this.repo.dir), session_id: this.id, ...changes };
    const ran = await hook(this.repo, 'claude', event, JSON.stringify(payload), env);
    if (ran.code !== 0) throw new Error(`${name} exited ${ran.code}\n${ran.err}`);
    return ran;
  }

  prompt(text: string, id = '8c5b0bdf-34cf-4a57-aefa-a075f771ebbb'): Promise<HookRan> {
    return this.send('UserPromptSubmit-1', { prompt: text, prompt_id: id });
  }

  /** A file tool of the main agent, or of a subagent, before and after it wrote; the answer of the gate where it refused. */
  async write(path: string, content: string, agent: { agent_id?: string; agent_type?: string } = {}): Promise<HookRan> {
    const changes = { ...agent, tool_name: 'Write', tool_input: { file_path: join(this.repo.dir, path), content } };
    const before = await this.send('PreToolUse-7', changes);
    if (before.said?.hookSpecificOutput?.permissionDecision === 'deny') return before;
    this.repo.write(path, content);
    return this.send('PostToolUse-7', changes);
  }

  /** A subagent in the background, from the call to the launch receipt; returns what it was told. */
  async spawn(agent: { agent_id: string; agent_type: string }, description: string): Promise<HookRan> {
    const call = `toolu_${agent.agent_id}`;
    const tool_input = { description, prompt: description, subagent_type: agent.agent_type };
    await this.send('PreToolUse-4', { tool_input, tool_use_id: call });
    const told = await this.send('SubagentStart-2', agent);
    const response = { ...(recorded('claude', 'PostToolUse-4').tool_response as Payload), agentId: agent.agent_id, description };
    await this.send('PostToolUse-4', { tool_input, tool_response: response, tool_use_id: call });
    return told;
  }
}
