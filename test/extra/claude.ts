/** The real Claude Code with a scripted model behind it. */

import { type Ran, run, type TestRepo } from '../support/repo.ts';
import { HANGS, installed } from './installed.ts';
import { type Block, ScriptedModel, type Turn } from './scripted-model.ts';

/** The client shows a key by its end, and takes no shorter one. */
export const KEY = 'sk-ant-none-0123456789-abcdefghijklmnopqrstuvwxyz';

/** The path of its program; the first time it is installed. */
export const claude = (): Promise<string> => installed('@anthropic-ai/claude-code', '2.1.330', 'claude');

/** One prompt in print mode. */
export async function say(
  repo: TestRepo,
  script: (turn: Turn) => Block[],
  prompt: string,
  options: { home: string; more?: string[] },
): Promise<Ran & { turns: Turn[] }> {
  const model = new ScriptedModel(script);
  const url = await model.listen();
  const args = [
    '-p',
    prompt,
    '--permission-mode',
    'acceptEdits',
    '--allowedTools',
    'Write,Edit,Bash,Agent,mcp__git-session',
    ...(options.more ?? []),
  ];
  const ran = await run(await claude(), args, { cwd: repo.dir, env: envAt(url, options.home), limit: HANGS });
  model.close();
  return { ...ran, turns: model.turns };
}

/** Nothing leaves this machine: the model is the scripted one, and the client asks nobody else. */
export function envAt(url: string, home: string): Record<string, string> {
  return {
    HOME: home,
    ANTHROPIC_BASE_URL: url,
    ANTHROPIC_API_KEY: KEY,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_AUTOUPDATER: '1',
    ENABLE_TOOL_SEARCH: 'false',
  };
}
