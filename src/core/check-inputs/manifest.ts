/** The part of a package.json that decides what a check runs. Pure. */

import { asObject, fileJson, parseJson } from '../text/json.ts';

/** Settings of runners and coverage tools that live in the manifest. */
const SETTINGS = ['ava', 'c8', 'jest', 'mocha', 'nyc', 'tap', 'vitest'];

/** "scripts.test changed", "jest added", ...: what differs; empty where nothing that counts does, null where a text is no manifest. */
export function manifestChanges(before: string, after: string): string[] | null {
  const [old, now] = [asObject(parseJson(before)), asObject(parseJson(after))];
  if (!old || !now) return null;
  const scripts = compare(asObject(old.scripts) ?? {}, asObject(now.scripts) ?? {}).map((line) => `scripts.${line}`);
  return [...scripts, ...compare(pick(old), pick(now))];
}

/** The manifest `after` with the scripts and settings of `before`; null where a text is no manifest. */
export function withScriptsOf(before: string, after: string): string | null {
  const [old, now] = [asObject(parseJson(before)), asObject(parseJson(after))];
  if (!old || !now) return null;
  const result = { ...now };
  for (const key of ['scripts', ...SETTINGS]) {
    if (key in old) result[key] = old[key];
    else delete result[key];
  }
  return fileJson(result);
}

/** The command lines of its scripts. */
export function scriptsOf(text: string): string[] {
  const scripts = asObject(asObject(parseJson(text))?.scripts) ?? {};
  return Object.values(scripts).filter((line) => typeof line === 'string');
}

/** `command` and the scripts of a manifest that it runs by name, and those that these run, as far as their words tell. */
export function linesRun(command: string, text: string): string[] {
  const scripts = asObject(asObject(parseJson(text))?.scripts) ?? {};
  const found = new Set([command]);
  for (const line of found) {
    for (const word of line.split(/[\s'"`;|&()]+/)) {
      for (const name of [`pre${word}`, word, `post${word}`]) {
        const script = Object.hasOwn(scripts, name) ? scripts[name] : null;
        if (typeof script === 'string') found.add(script);
      }
    }
  }
  return [...found];
}

function pick(manifest: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(SETTINGS.filter((key) => key in manifest).map((key) => [key, manifest[key]]));
}

function compare(old: Record<string, unknown>, now: Record<string, unknown>): string[] {
  const same = (key: string) => JSON.stringify(old[key]) === JSON.stringify(now[key]);
  return [...new Set([...Object.keys(old), ...Object.keys(now)])].sort().flatMap((key) => {
    if (!(key in now)) return [`${key} removed`];
    if (!(key in old)) return [`${key} added`];
    return same(key) ? [] : [`${key} changed`];
  });
}
