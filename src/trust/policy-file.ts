/** `.sessionrc.yaml` as text: parsed, checked, errors with file, line and column. Loads yaml and zod: import it lazily. */

import { type Document, isMap, isScalar, isSeq } from 'yaml';
import { stateError } from '../core/errors.ts';
import { POLICY_KEYS } from '../core/policy/keys.ts';
import { DEFAULT_POLICY, type Policy } from '../core/policy/policy.ts';
import { asObject } from '../core/text/json.ts';
import { knownKeys, policySchema } from './policy-schema.ts';
import { type Path, readYaml } from './yaml-text.ts';

const MAX_BYTES = 256 * 1024;
const MAX_SHOWN = 8;

/**
 * The policy that the text holds, defaults filled in. `name` is what errors call the file.
 * Throws (exit 1) with every mistake as `name:line:column: what`.
 */
export function parsePolicy(text: string, name: string): Policy {
  if (text.length > MAX_BYTES) throw invalid(name, [`${name}: the file is larger than ${MAX_BYTES / 1024} KB`]);
  const yaml = readYaml(text, name);
  if ('broken' in yaml) throw invalid(name, yaml.broken);
  const raw = yaml.value;
  const given = raw === null || raw === undefined ? {} : asObject(raw);
  if (!given) throw invalid(name, [`${name}:1:1: the file must be a mapping of keys to values`]);
  const result = policySchema.safeParse(spelledOut(given));
  if (!result.success) throw invalid(name, yaml.mistakes(result.error.issues, { knownKeys, asWritten }));
  const policy = result.data as Policy;
  const twice = policy.checks.list.findIndex((check, i, list) => list.findIndex((other) => other.name === check.name) !== i);
  if (twice >= 0) {
    const where = yaml.placeOf(asWritten(yaml.doc, ['checks', 'list', twice, 'name']));
    throw invalid(name, [`${where}: two checks are called "${policy.checks.list[twice]?.name}"`]);
  }
  return { ...policy, memory: { ...policy.memory, namespaces: { ...DEFAULT_POLICY.memory.namespaces, ...policy.memory.namespaces } } };
}

/** Short forms made long: `land: pr`, `branch: keep`, `checks:` as a list; an empty value is the default. */
function spelledOut(given: Record<string, unknown>): Record<string, unknown> {
  const long = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
  if (typeof long.land === 'string') long.land = { by: long.land };
  if (typeof long.branch === 'string') long.branch = { after_landing: long.branch };
  if (Array.isArray(long.checks)) long.checks = { list: long.checks };
  return long;
}

function invalid(name: string, mistakes: string[]) {
  const more = mistakes.length > MAX_SHOWN ? [`and ${mistakes.length - MAX_SHOWN} more`] : [];
  return stateError({
    what: `${name} is not a valid policy.`,
    why: [...mistakes.slice(0, MAX_SHOWN), ...more].join('\n'),
    next: 'Correct the lines above. Every key is explained in the file that git session init writes.',
  });
}

/** A path of the long form as the file has it. */
function asWritten(doc: Document, path: Path): Path {
  if ((path[0] === 'land' || path[0] === 'branch') && isScalar(doc.get(path[0], true))) return [path[0]];
  return path[0] === 'checks' && path[1] === 'list' && isSeq(doc.get('checks')) ? ['checks', ...path.slice(2)] : path;
}

/** What a short form stands for; the other settings of its mapping are not in the file then. */
const SHORT: Record<string, string> = { land: 'by', branch: 'after_landing', checks: 'list' };

/** Where a valid policy file sets its settings: line and column by dotted name, only of those that it sets. */
export function placesInPolicy(text: string): Map<string, { line: number; column: number }> {
  const yaml = readYaml(text, '');
  if ('broken' in yaml) return new Map();
  const { doc } = yaml;
  const given = POLICY_KEYS.filter((key) => {
    const [top = '', name] = key.split('.');
    const value = doc.get(top);
    if (value === undefined || value === null) return false;
    return name === undefined || (isMap(value) ? value.has(name) : SHORT[top] === name);
  });
  return new Map(given.map((key) => [key, yaml.positionOf(asWritten(doc, key.split('.')))]));
}
