/** Hooks of git's own configuration: which there are, whether this git runs them, and git with no hooks at all. */

import { type ConfiguredHook, foldHooks } from '../core/hooks/configured-hook.ts';
import { withSettings } from './config.ts';
import { ask, type Repo } from './run.ts';
import { gitVersion } from './version.ts';

/** Those that the settings in force name. One process. */
export async function configuredHooks(repo: Repo): Promise<ConfiguredHook[]> {
  const fields = (await ask(repo, ['config', '--list', '--show-scope', '-z'])).split('\0');
  const settings = [];
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const [scope = '', row = ''] = fields.slice(i, i + 2);
    const cut = row.indexOf('\n');
    settings.push({ scope, key: cut < 0 ? row : row.slice(0, cut), value: cut < 0 ? 'true' : row.slice(cut + 1) });
  }
  return foldHooks(settings);
}

/** git runs hooks of its configuration from 2.54 on, before that of the hooks folder; an older one takes no notice of them. */
export function runsConfigured(version: string | null): boolean {
  const [major = 0, minor = 0] = (version ?? '').split('.').map(Number);
  return major > 2 || (major === 2 && minor >= 54);
}

/** The repository where git runs no hook: core.hooksPath alone leaves those of the configuration. */
export async function withoutHooks(repo: Repo): Promise<Repo> {
  const names = runsConfigured(await gitVersion()) ? (await configuredHooks(repo)).map(({ name }) => name) : [];
  return withSettings(repo, [
    { key: 'core.hooksPath', value: '/dev/null' },
    ...names.map((name) => ({ key: `hook.${name}.enabled`, value: 'false' })),
  ]);
}
