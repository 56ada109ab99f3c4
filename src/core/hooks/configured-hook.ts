/** git's own hooks by configuration (`hook.<name>.command` and `.event`; git 2.54 and later): what the settings come to. Pure. */

/** One hook that somebody configured. */
export interface ConfiguredHook {
  name: string;
  /** Events that it runs on, in order. */
  events: string[];
  /** Null: none is set, and git that knows such hooks refuses to go on. */
  command: string | null;
  enabled: boolean;
  /** Where its events stand last: system, global, local, worktree or command. */
  scope: string;
}

/** A setting with the scope of its file, in git's order. */
export interface ScopedSetting {
  scope: string;
  key: string;
  value: string;
}

/** The hooks in the order in which git runs them: that of their last events. A name without events is none. */
export function foldHooks(settings: readonly ScopedSetting[]): ConfiguredHook[] {
  const found = new Map<string, ConfiguredHook>();
  for (const { scope, key, value } of settings) {
    const [, name, what] = /^hook\.(.+)\.(command|event|enabled)$/s.exec(key) ?? [];
    if (name === undefined) continue;
    const hook = found.get(name) ?? { name, events: [], command: null, enabled: true, scope };
    if (what === 'command') hook.command = value;
    else if (what === 'enabled') hook.enabled = !/^(false|no|off|0|)$/i.test(value);
    else {
      hook.events = value === '' ? [] : [...hook.events.filter((event) => event !== value), value];
      hook.scope = scope;
      found.delete(name);
    }
    found.set(name, hook);
  }
  return [...found.values()].filter(({ events }) => events.length > 0);
}
