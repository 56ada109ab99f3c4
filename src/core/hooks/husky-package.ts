/** Husky in a project's package.json and package-lock.json, without disturbing their formatting. Pure. */

import { asObject, parseJson } from '../text/json.ts';
import { setInJson } from '../text/json-edit.ts';
import { dropFromJson } from '../text/json-list.ts';

const RANGE = '^9.1.7';
/** What npm writes for it: husky has no dependencies, so a lock file stays complete with this one entry. */
const LOCKED = {
  version: '9.1.7',
  integrity: 'sha512-5gs5ytaNjBrh5Ow3zrvdUUY+0VxIuWVL4i9irt6friV+BqdCfmV11CQTWMiBYWHbXhco+J1kHfTOUkePhCDvMA==',
  dev: true,
  license: 'MIT',
  bin: { husky: 'bin.js' },
  engines: { node: '>=18' },
  funding: { url: 'https://github.com/sponsors/typicode' },
};

/** package.json with husky in devDependencies and a `prepare` that activates it after each install; unchanged where both are there. Null where it is no JSON object. */
export function withHusky(text: string): string | null {
  const manifest = asObject(parseJson(text));
  if (!manifest) return null;
  let out: string | null = text;
  if (!dependsOnHusky(manifest)) out = setInJson(out, ['devDependencies', 'husky'], RANGE);
  const prepare = asObject(manifest.scripts)?.prepare;
  if (out !== null && !(typeof prepare === 'string' && /\bhusky\b/.test(prepare))) {
    out = setInJson(out, ['scripts', 'prepare'], typeof prepare === 'string' && prepare ? prepare + BEHIND : PREPARE);
  }
  return out;
}

const PREPARE = 'husky || true';
const BEHIND = ' && (husky || true)';

/** package.json without what `withHusky` added to the earlier text; as it is where somebody has changed these lines since. */
export function withoutHusky(text: string, earlier: string): string {
  const [now, before] = [asObject(parseJson(text)), asObject(parseJson(earlier))];
  if (!now || !before) return text;
  let out = text;
  if (!dependsOnHusky(before) && asObject(now.devDependencies)?.husky === RANGE) out = dropFromJson(out, ['devDependencies', 'husky']);
  const prepare = asObject(now.scripts)?.prepare;
  if (typeof prepare !== 'string' || /\bhusky\b/.test(String(asObject(before.scripts)?.prepare ?? ''))) return out;
  if (prepare === PREPARE) return dropFromJson(out, ['scripts', 'prepare']);
  return prepare.endsWith(BEHIND) ? (setInJson(out, ['scripts', 'prepare'], prepare.slice(0, -BEHIND.length)) ?? out) : out;
}

/** package-lock.json without what `withLockedHusky` added to the earlier text. */
export function withoutLockedHusky(text: string, earlier: string): string {
  const before = asObject(asObject(parseJson(earlier))?.packages);
  if (!before) return text;
  const own = asObject(asObject(before[''])?.devDependencies)?.husky === undefined;
  const out = own ? dropFromJson(text, ['packages', '', 'devDependencies', 'husky']) : text;
  return before['node_modules/husky'] === undefined ? dropFromJson(out, ['packages', 'node_modules/husky']) : out;
}

/** True where husky is a dependency of any sort. */
export function dependsOnHusky(manifest: Record<string, unknown>): boolean {
  return ['dependencies', 'devDependencies', 'optionalDependencies'].some((field) => asObject(manifest[field])?.husky !== undefined);
}

/** package-lock.json (version 2 or 3) with the same dependency, so that `npm ci` goes on working; null where it cannot be brought up to date by hand. */
export function withLockedHusky(text: string): string | null {
  const lock = asObject(parseJson(text));
  const packages = asObject(lock?.packages);
  if (!packages || !asObject(packages[''])) return null;
  const own = setInJson(text, ['packages', '', 'devDependencies', 'husky'], RANGE);
  if (own === null || packages['node_modules/husky'] !== undefined) return own;
  return setInJson(own, ['packages', 'node_modules/husky'], LOCKED);
}
