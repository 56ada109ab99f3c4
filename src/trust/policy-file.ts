/** `.sessionrc.yaml` as text: parsed, checked, errors with file, line and column. Loads yaml and zod: import it lazily. */

import { type Document, isMap, isNode, isPair, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { stateError } from '../core/errors.ts';
import { asObject } from '../core/json.ts';
import { DEFAULT_POLICY, type Policy } from '../core/policy.ts';
import { oneLine } from '../core/text.ts';
import { knownKeys, policySchema } from './policy-schema.ts';

const MAX_BYTES = 256 * 1024;
const MAX_SHOWN = 8;

type Path = readonly PropertyKey[];

/**
 * The policy that the text holds, defaults filled in. `name` is what errors call the file.
 * Throws (exit 1) with every mistake as `name:line:column: what`.
 */
export function parsePolicy(text: string, name: string): Policy {
  if (text.length > MAX_BYTES) throw invalid(name, [`${name}: the file is larger than ${MAX_BYTES / 1024} KB`]);
  const counter = new LineCounter();
  const doc = parseDocument(text, { lineCounter: counter, prettyErrors: false, uniqueKeys: true, version: '1.2' });
  const place = (offset: number) => {
    const { line, col } = counter.linePos(offset);
    return `${name}:${line || 1}:${col || 1}`;
  };
  if (doc.errors.length > 0) {
    throw invalid(
      name,
      doc.errors.map((error) => `${place(error.pos[0])}: ${oneLine(error.message)}`),
    );
  }
  let raw: unknown;
  try {
    raw = doc.toJS({ maxAliasCount: 50 });
  } catch (error) {
    throw invalid(name, [`${name}:1:1: ${oneLine((error as Error).message)}`]);
  }
  const given = raw === null || raw === undefined ? {} : asObject(raw);
  if (!given) throw invalid(name, [`${name}:1:1: the file must be a mapping of keys to values`]);
  const result = policySchema.safeParse(spelledOut(given));
  if (!result.success) {
    const mistakes = result.error.issues.flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((key) => ({ at: keyOffset(doc, issue.path, key), what: unknownKey(issue.path, key) }))
        : [{ at: offsetOf(doc, issue.path), what: told(issue.path, issue.message) }],
    );
    mistakes.sort((a, b) => a.at - b.at);
    throw invalid(
      name,
      mistakes.map(({ at, what }) => `${place(at)}: ${what}`),
    );
  }
  const policy = result.data as Policy;
  const twice = policy.checks.list.findIndex((check, i, list) => list.findIndex((other) => other.name === check.name) !== i);
  if (twice >= 0) {
    const where = place(offsetOf(doc, ['checks', 'list', twice, 'name']));
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
  return path[0] === 'checks' && path[1] === 'list' && isSeq(doc.get('checks')) ? ['checks', ...path.slice(2)] : path;
}

/** Offset of the value at a path, or of the nearest value around it. */
function offsetOf(doc: Document, given: Path): number {
  const path = asWritten(doc, given);
  for (let length = path.length; length > 0; length--) {
    const node = doc.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
    const around = doc.getIn(path.slice(0, length - 1), true) ?? doc.contents;
    const key = path[length - 1];
    const pair = isMap(around) ? around.items.find((item) => isScalar(item.key) && item.key.value === key) : undefined;
    if (isPair(pair) && isNode(pair.key) && pair.key.range) return pair.key.range[0];
  }
  return 0;
}

function keyOffset(doc: Document, given: Path, key: string): number {
  const path = asWritten(doc, given);
  const map = path.length === 0 ? doc.contents : doc.getIn([...path], true);
  const pair = isMap(map) ? map.items.find((item) => isScalar(item.key) && String(item.key.value) === key) : undefined;
  return pair && isNode(pair.key) && pair.key.range ? pair.key.range[0] : offsetOf(doc, path);
}

function dotted(path: Path): string {
  return path.reduce<string>(
    (all, step) => (typeof step === 'number' ? `${all}[${step}]` : all ? `${all}.${String(step)}` : String(step)),
    '',
  );
}

function told(path: Path, message: string): string {
  const plain = message
    .replace(/^Invalid option: expected one of /, 'must be one of ')
    .replace(/^Invalid input: expected /, 'must be ')
    .replaceAll('"|"', ', ')
    .replaceAll('"', '');
  return oneLine(`${dotted(path) || 'the file'}: ${plain}`, 300);
}

function unknownKey(path: Path, key: string): string {
  const near = closest(key, knownKeys(path));
  const where = path.length > 0 ? ` in ${dotted(path)}` : '';
  return oneLine(`unknown key "${key}"${where}${near ? ` (did you mean "${near}"?)` : ''}`, 300);
}

/** The known word that a mistyped one most likely meant, or null. */
export function closest(word: string, known: readonly string[]): string | null {
  const plain = (text: string) => text.toLowerCase().replaceAll('-', '_');
  const given = plain(word);
  const ranked = known
    .map((key) => ({ key, far: key.startsWith(`${given}_`) || key.endsWith(`_${given}`) ? 1 : distance(given, plain(key)) }))
    .sort((a, b) => a.far - b.far);
  const best = ranked[0];
  return best && best.far <= Math.max(1, Math.floor(best.key.length / 3)) ? best.key : null;
}

/** Edits between two words (Levenshtein, a swap of neighbours counts one). */
function distance(a: string, b: string): number {
  const rows: number[][] = [];
  const at = (i: number, j: number) => rows[i]?.[j] ?? 0;
  for (let i = 0; i <= a.length; i++) {
    rows[i] = [];
    for (let j = 0; j <= b.length; j++) {
      let cost =
        i === 0 ? j : j === 0 ? i : Math.min(at(i - 1, j) + 1, at(i, j - 1) + 1, at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) cost = Math.min(cost, at(i - 2, j - 2) + 1);
      (rows[i] as number[])[j] = cost;
    }
  }
  return at(a.length, b.length);
}
