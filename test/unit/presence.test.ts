import { describe, expect, test } from 'vitest';
import { AGENT_VARIABLES, agentAround, presence, presenceText } from '../../src/trust/presence.ts';

const terminal = (env: NodeJS.ProcessEnv = {}) => ({ env, terminal: true, controlling: () => true });
const signer = (type: string) => ({
  format: 'ssh' as const,
  key: 'SHA256:x',
  principal: 'd@example.com',
  describe: 'ssh key SHA256:x',
  needsTouch: type.startsWith('sk-'),
  needsPassphrase: false,
  publicKey: `${type} AAAA`,
});

const refusal = (mode: 'terminal' | 'prompt' | 'security-key', around: ReturnType<typeof terminal>, key?: string) => {
  try {
    presence({ presence: mode }, { around, ...(key ? { signer: signer(key) } : {}) });
    return null;
  } catch (error) {
    expect(error).toMatchObject({ kind: 'person', exitCode: 3 });
    return (error as { why: string }).why;
  }
};

describe('presence', () => {
  test('a person at a terminal decides', () => {
    for (const mode of ['terminal', 'prompt'] as const) {
      expect(presence({ presence: mode }, { around: terminal() })).toEqual({ ok: true, mode });
    }
  });

  test('without a terminal, or without a controlling one, nobody is there', () => {
    expect(refusal('terminal', { ...terminal(), terminal: false })).toMatch(/not a terminal/);
    expect(refusal('prompt', { ...terminal(), terminal: false })).toMatch(/not a terminal/);
    expect(refusal('terminal', { ...terminal(), controlling: () => false })).toMatch(/no controlling terminal/);
  });

  test('every agent\u2019s variable refuses, and names itself', () => {
    const names = AGENT_VARIABLES.flatMap((row) => row.names);
    expect(names).toEqual(
      expect.arrayContaining(['CLAUDECODE', 'AI_AGENT', 'GEMINI_CLI', 'CODEX_SANDBOX', 'COPILOT_CLI', 'OPENCODE', 'CURSOR_AGENT']),
    );
    for (const name of names) {
      expect(refusal('terminal', terminal({ [name]: '1' }))).toContain(name);
      expect(refusal('security-key', terminal({ [name]: 'x' }))).toContain(name);
    }
  });

  test('settings that people export are no sign of an agent', () => {
    for (const name of ['GEMINI_API_KEY', 'CODEX_HOME', 'CLAUDE_CODE_USE_BEDROCK', 'COPILOT_PROVIDER_BASE_URL', 'OPENCODE_CONFIG']) {
      expect(agentAround({ [name]: '1' })).toBeNull();
    }
    expect(agentAround({ CLAUDECODE: '' })).toBeNull();
  });

  test('inside a hook nobody decides', () => {
    for (const name of ['GIT_SESSION_HOOK', 'GIT_INDEX_FILE']) expect(refusal('terminal', terminal({ [name]: 'x' }))).toContain(name);
  });

  test('security-key looks at the key', () => {
    expect(refusal('security-key', terminal(), 'ssh-ed25519')).toMatch(/SHA256:x/);
    expect(refusal('security-key', terminal(), 'sk-ssh-ed25519@openssh.com')).toBeNull();
  });

  test('none admits everything and is called unattended', () => {
    const around = { env: { CLAUDECODE: '1' }, terminal: false, controlling: () => false };
    expect(presence({ presence: 'none' }, { around })).toEqual({ ok: true, mode: 'none' });
    expect(presenceText('none')).toBe('unattended');
  });
});
