/** Changes that decide about sessions, reviews or machines instead of being the session's work: shown first, accepted on their own. Pure. */

import type { SessionId } from '../session/session-id.ts';

export interface SensitiveChange {
  path: string;
  /** What the path decides about. */
  about: 'policy' | 'approvers' | 'hooks' | 'CI' | 'agent settings' | 'git attributes' | "another session's files";
}

const HOOKS = /^(\.husky|\.githooks|\.hooks)\/|(^|\/)(\.?lefthook(-local)?\.(ya?ml|toml|json)|\.pre-commit-config\.ya?ml)$/;
const CI =
  /^\.(github\/(workflows|actions)|gitlab|circleci|buildkite|woodpecker|ci|teamcity)\/|^(\.gitlab-ci|\.travis|appveyor|azure-pipelines|bitbucket-pipelines|\.drone|\.woodpecker|\.cirrus|codemagic)\.ya?ml$|^jenkinsfile$/;
const AGENTS =
  /(^|\/)\.(claude|codex|gemini|cursor|opencode|agents?|copilot)\/|(^|\/)(claude(\.local)?|agents|gemini)\.md$|(^|\/)(\.mcp\.json|opencode\.jsonc?|\.cursorrules|copilot-instructions\.md)$|^\.github\/(hooks|agents|prompts|instructions)\//;

/** The changed paths that need their own yes, in the order given. Case does not count: some file systems ignore it. */
export function sensitiveChanges(paths: readonly string[], session: SessionId): SensitiveChange[] {
  return paths.flatMap((path) => {
    const about = aboutOf(path.toLowerCase(), path, session);
    return about === null ? [] : [{ path, about }];
  });
}

function aboutOf(lower: string, path: string, session: SessionId): SensitiveChange['about'] | null {
  if (lower === '.sessionrc.yaml' || lower === '.sessionrc.yml') return 'policy';
  if (lower === '.swarm/allowed_signers' || lower.startsWith('.swarm/approvers/')) return 'approvers';
  if (HOOKS.test(lower) || lower === '.swarm/hook.sh') return 'hooks';
  if (CI.test(lower)) return 'CI';
  if (AGENTS.test(lower)) return 'agent settings';
  if (/(^|\/)\.git(attributes|modules)$/.test(lower)) return 'git attributes';
  const own = [`sessions/${session}/`, `.swarm/log/${session}/`, `.swarm/backups/${session}.json`];
  if ((lower.startsWith('sessions/') || lower.startsWith('.swarm/')) && !own.some((place) => path.startsWith(place))) {
    return "another session's files";
  }
  return null;
}
