/** YAML (and with it JSON) as people write it: where in the text a mistake lies, and what it is. Loads yaml: import it lazily. */

import { type Document, isMap, isNode, isPair, isScalar, LineCounter, parseDocument } from 'yaml';
import { oneLine } from '../core/text/text.ts';

export type Path = readonly PropertyKey[];

/** An issue as zod tells it. */
interface Issue {
  code?: string;
  path: PropertyKey[];
  message: string;
  keys?: string[];
}

/** How the text differs from the form that was checked. */
export interface Form {
  /** Keys that a mapping at this path may hold. */
  knownKeys(path: Path): readonly string[];
  /** What the whole is called. Default: the file. */
  whole?: string;
  /** A path of the checked form as the text has it. */
  asWritten?(doc: Document, path: Path): Path;
}

export interface YamlText {
  doc: Document;
  value: unknown;
  /** `name:line:column` of the value at a path. */
  placeOf(path: Path): string;
  /** Line and column of the value at a path, from 1. */
  positionOf(path: Path): { line: number; column: number };
  /** Issues as `name:line:column: what`, in the order of the text. */
  mistakes(issues: readonly Issue[], form: Form): string[];
}

/** The parsed text, or what keeps it from being read, as `name:line:column: what`. */
export function readYaml(text: string, name: string): YamlText | { broken: string[] } {
  const counter = new LineCounter();
  const doc = parseDocument(text, { lineCounter: counter, prettyErrors: false, uniqueKeys: true, version: '1.2', logLevel: 'error' });
  const position = (offset: number) => {
    const { line, col } = counter.linePos(offset);
    return { line: line || 1, column: col || 1 };
  };
  const place = (offset: number) => {
    const { line, column } = position(offset);
    return `${name}:${line}:${column}`;
  };
  if (doc.errors.length > 0) return { broken: doc.errors.map((error) => `${place(error.pos[0])}: ${oneLine(error.message)}`) };
  try {
    return {
      doc,
      value: asJson(doc.toJS({ maxAliasCount: 50 })),
      placeOf: (path) => place(offsetOf(doc, path)),
      positionOf: (path) => position(offsetOf(doc, path)),
      mistakes: (issues, form) => mistakesOf(doc, issues, form).map(({ at, what }) => `${place(at)}: ${what}`),
    };
  } catch (error) {
    return { broken: [`${name}:1:1: ${oneLine((error as Error).message)}`] };
  }
}

/** What JSON can hold of it. Throws where it refers to itself. */
function asJson(value: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(value ?? null));
  } catch (error) {
    throw error instanceof TypeError ? new Error('a value refers to itself', { cause: error }) : error;
  }
}

function mistakesOf(doc: Document, issues: readonly Issue[], form: Form): { at: number; what: string }[] {
  const offset = ({ path, key }: Mistake) => {
    const written = form.asWritten?.(doc, path) ?? path;
    return key === null ? offsetOf(doc, written) : keyOffset(doc, written, key);
  };
  return mistakesIn(issues, form)
    .map((mistake) => ({ at: offset(mistake), what: mistake.what }))
    .sort((a, b) => a.at - b.at);
}

interface Mistake {
  path: Path;
  /** The unknown key that it is about; null: the value itself. */
  key: string | null;
  what: string;
}

/** Issues in words, of a value that was not read from a text. */
export function mistakesIn(issues: readonly Issue[], form: Pick<Form, 'knownKeys' | 'whole'>): Mistake[] {
  return issues.flatMap(({ code, keys, path, message }): Mistake[] =>
    code === 'unrecognized_keys' && keys
      ? keys.map((key) => ({ path, key, what: unknownKey(path, key, form) }))
      : [{ path, key: null, what: told(dotted(path) || (form.whole ?? 'the file'), message) }],
  );
}

/** Offset of the value at a path, or of the nearest value around it. */
function offsetOf(doc: Document, path: Path): number {
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

function keyOffset(doc: Document, path: Path, key: string): number {
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

function told(subject: string, message: string): string {
  const plain = message
    .replace(/^Invalid option: expected one of /, 'must be one of ')
    .replace(/^Invalid input: expected /, 'must be ')
    .replaceAll('"|"', ', ')
    .replaceAll('"', '');
  return oneLine(`${subject}: ${plain}`, 300);
}

function unknownKey(path: Path, key: string, form: Pick<Form, 'knownKeys'>): string {
  const near = closest(key, form.knownKeys(path));
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
