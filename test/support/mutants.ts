/** Payloads as no client should send them: recorded ones with anything in them changed, and texts that are none. */

import fc from 'fast-check';
import type { Sent } from './client-payloads.ts';

export interface Mutant {
  event: string;
  input: Buffer;
}

/** Stands in a payload for what `JSON.stringify` could not write, or a failure could not show. */
const DEEP = '@deep@';
const HUGE = '@huge@';
const GROWN: [string, () => string][] = [
  [JSON.stringify(DEEP), () => `${'[{"a":'.repeat(50_000)}1${'}]'.repeat(50_000)}`],
  [JSON.stringify(HUGE), () => JSON.stringify('x '.repeat(150_000))],
];

/** Values that a field might have; `places` are paths that must stay as they are. */
const hostile = (places: readonly string[]) =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(null, true, 0, -1, 1e308, '', [], {}, [[]], DEEP, HUGE) },
    { weight: 4, arbitrary: fc.constantFrom(...places) },
    {
      weight: 3,
      arbitrary: fc.constantFrom(
        'a\0b',
        '/\0',
        '\ud800',
        '../../../../outside',
        '.git/config',
        '.git',
        'file:///%00%zz',
        'C:\\x',
        '-rf',
        '--output=pwned',
        '$(touch pwned)',
        '`touch pwned`',
        'a\nb\n\nSession-Id: x',
        '\u202e\u001b[31mred',
        '~/x',
        '/dev/null',
        '/proc/self/mem',
        '*** Begin Patch\n*** Add File: ../../pwned\n+x\n*** End Patch',
      ),
    },
    { weight: 1, arbitrary: fc.anything() },
    { weight: 1, arbitrary: fc.string() },
  );

const KEYS = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'agent_id', 'tool_input', 'cwd', 'files', 'paths', ''];

/** One change of one place: `at` chooses it, among all objects and their members at any depth. */
interface Change {
  at: number;
  how: 'drop' | 'set' | 'add';
  key: string;
  value: unknown;
}

const change = (places: readonly string[]): fc.Arbitrary<Change> =>
  fc.record({
    at: fc.nat(500),
    how: fc.constantFrom('drop' as const, 'set' as const, 'set' as const, 'add' as const),
    key: fc.constantFrom(...KEYS),
    value: hostile(places),
  });

/** What happens to the text of the payload. */
const DAMAGE: Record<string, (text: string, at: number) => Buffer> = {
  none: (text) => Buffer.from(text),
  cut: (text, at) => Buffer.from(text.slice(0, at % (text.length + 1))),
  marked: (text) => Buffer.from(`\ufeff${text}`),
  notUtf8(text, at) {
    const bytes = Buffer.from(text);
    const place = at % (bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, place), Buffer.from([0xff, 0xc0, 0x80, 0xed, 0xa0]), bytes.subarray(place)]);
  },
  nul: (text, at) => Buffer.from(`${text.slice(0, at % text.length)}\0${text.slice(at % text.length)}`),
  listed: (text) => Buffer.from(`[${text}]`),
  twice: (text) => Buffer.from(`${text}\n${text}`),
  within: (text) => Buffer.from(`{"payload":${text}}`),
};

/** Payloads of `sent`, changed; events are mostly their own. */
export function mutants(sent: readonly Sent[], places: readonly string[]): fc.Arbitrary<Mutant> {
  const events = [...new Set(sent.map(({ event }) => event)), 'NoSuchEvent', '__proto__', ''];
  return fc
    .record({
      from: fc.constantFrom(...sent),
      changes: fc.array(change(places), { minLength: 1, maxLength: 3 }),
      other: fc.option(fc.constantFrom(...events), { freq: 6, nil: undefined }),
      damage: fc.oneof({ weight: 3, arbitrary: fc.constant('none') }, { weight: 1, arbitrary: fc.constantFrom(...Object.keys(DAMAGE)) }),
      at: fc.nat(100_000),
    })
    .map(({ from, changes, other, damage, at }) => {
      const payload = structuredClone(from.payload);
      for (const one of changes) apply(payload, one);
      let text = JSON.stringify(payload);
      for (const [word, grown] of GROWN) text = text.replaceAll(word, grown);
      return { event: other ?? from.event, input: (DAMAGE[damage] ?? DAMAGE.none)?.(text, at) ?? Buffer.from(text) };
    });
}

function apply(payload: object, { at, how, key, value }: Change): void {
  const members: [holder: object, key: string][] = [];
  const walk = (holder: object) => {
    for (const [name, inner] of Object.entries(holder)) {
      members.push([holder, name]);
      if (typeof inner === 'object' && inner !== null) walk(inner);
    }
  };
  walk(payload);
  const [holder, name] = members[at % Math.max(1, members.length)] ?? [payload, key];
  // Own members even for `__proto__`, as JSON text can have them.
  const put = (member: string) =>
    Object.defineProperty(holder, member, { value: plain(value), enumerable: true, configurable: true, writable: true });
  if (how === 'drop') Reflect.deleteProperty(holder, name);
  else put(how === 'set' ? name : key);
}

/** As JSON has it; what it cannot hold is a text. */
function plain(value: unknown): unknown {
  try {
    return JSON.parse(JSON.stringify(value) ?? 'null');
  } catch {
    return String(value);
  }
}
