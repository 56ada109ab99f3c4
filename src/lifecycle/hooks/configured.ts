/** What there is to say of hooks of git's own configuration. They run beside ours, so that nothing is to be changed. Looks only. */

import type { ConfiguredHook } from '../../core/hooks/configured-hook.ts';
import { oneLine } from '../../core/text/text.ts';
import { configuredHooks, runsConfigured } from '../../git/configured-hooks.ts';
import type { Repo } from '../../git/run.ts';
import { gitVersion } from '../../git/version.ts';

export interface FoundConfigured {
  hooks: ConfiguredHook[];
  /** This git runs them. */
  runs: boolean;
  /** One sentence without its full stop; empty where there are none. */
  what: string;
}

export async function foundConfigured(repo: Repo): Promise<FoundConfigured> {
  const hooks = await configuredHooks(repo);
  if (hooks.length === 0) return { hooks, runs: false, what: '' };
  const version = await gitVersion();
  const names = hooks.map(shown).join('; ');
  const runs = runsConfigured(version);
  const what = runs
    ? `git runs hooks of its configuration before those of the hooks folder: ${names}`
    : `git ${version ?? ''} takes no notice of the hooks in its configuration, which git 2.54 and later run: ${names}`;
  return { hooks, runs, what };
}

/** As a note of init; none where there is nothing to say. */
export async function configuredNotes(repo: Repo): Promise<string[]> {
  const { what } = await foundConfigured(repo);
  return what === '' ? [] : [`${what}. They stay as they are.`];
}

function shown({ name, events, scope, enabled }: ConfiguredHook): string {
  const where = [events.join(', '), scope, ...(enabled ? [] : ['disabled'])].map((part) => oneLine(part, 80)).join('; ');
  return `${oneLine(name, 60)} (${where})`;
}
