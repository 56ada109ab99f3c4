import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { withHusky, withLockedHusky } from '../../src/core/hooks/husky-package.ts';
import { setInJson } from '../../src/core/text/json-edit.ts';

describe('one value in JSON text', () => {
  test.each([
    ['{}', ['a'], 1, '{\n  "a": 1\n}'],
    ['{"a": 1}', ['b'], 2, '{"a": 1, "b": 2}'],
    ['{"b":1,"c":2}', ['a', 'x'], 'y', '{"b":1,"c":2, "a": { "x": "y" }}'],
    ['{\n\t"a": 1\n}\n', ['b', 'c'], 'x', '{\n\t"a": 1,\n\t"b": {\n\t\t"c": "x"\n\t}\n}\n'],
    ['{\n  "a": {"x": [1, "}"]},\n  "z": 1\n}', ['a', 'y'], 2, '{\n  "a": {"x": [1, "}"], "y": 2},\n  "z": 1\n}'],
    ['{\n  "a": {\n    "b": 1,\n    "d": 2\n  }\n}', ['a', 'c'], 3, '{\n  "a": {\n    "b": 1,\n    "c": 3,\n    "d": 2\n  }\n}'],
    ['{\r\n  "a": 1\r\n}', ['b'], 2, '{\r\n  "a": 1,\r\n  "b": 2\r\n}'],
    ['{ "a\\"b": "\\\\", "c" : true }', ['c'], false, '{ "a\\"b": "\\\\", "c" : false }'],
    ['{"a": 1}', ['a', 'b'], 2, null],
    ['[1]', ['a'], 1, null],
    ['{', ['a'], 1, null],
  ])('%j %j', (text, path, value, expected) => {
    expect(setInJson(text, path as string[], value)).toBe(expected);
  });

  test('means the same as setting it in the value, whatever the formatting', () => {
    const key = fc.constantFrom('a', 'b', 'c', 'é"\\', '');
    const object = fc.dictionary(
      key,
      fc.oneof(
        fc.json().map((json) => JSON.parse(json)),
        fc.dictionary(key, fc.string()),
      ),
      { maxKeys: 5 },
    );
    fc.assert(
      fc.property(object, key, key, fc.constantFrom(0, 2, '\t'), (value, one, two, indent) => {
        const edited = setInJson(JSON.stringify(value, null, indent), [one, two], 'new');
        const inner = (value as Record<string, unknown>)[one];
        if (inner !== undefined && (typeof inner !== 'object' || inner === null || Array.isArray(inner))) expect(edited).toBeNull();
        else expect(JSON.parse(edited ?? '')).toEqual({ ...value, [one]: { ...(inner as object), [two]: 'new' } });
      }),
    );
  });
});

describe('husky in package.json', () => {
  test('is added beside what is there, nothing else changes', () => {
    const before =
      '{\n    "name": "x",\n    "files": ["dist", "bin"],\n    "scripts": { "test": "node --test" },\n    "devDependencies": {\n        "biome": "1",\n        "vitest": "2"\n    }\n}\n';
    expect(withHusky(before)).toBe(
      '{\n    "name": "x",\n    "files": ["dist", "bin"],\n    "scripts": { "test": "node --test", "prepare": "husky || true" },\n    "devDependencies": {\n        "biome": "1",\n        "husky": "^9.1.7",\n        "vitest": "2"\n    }\n}\n',
    );
    expect(withHusky(withHusky(before) ?? '')).toBe(withHusky(before));
  });

  test('keeps a prepare script and a dependency of any sort', () => {
    expect(JSON.parse(withHusky('{"scripts":{"prepare":"npm run build"}}') ?? '')).toEqual({
      scripts: { prepare: 'npm run build && (husky || true)' },
      devDependencies: { husky: '^9.1.7' },
    });
    const own = '{"dependencies":{"husky":"9"},"scripts":{"prepare":"husky"}}';
    expect(withHusky(own)).toBe(own);
    expect(withHusky('not json')).toBeNull();
  });

  test('is locked too', () => {
    const lock = JSON.stringify(
      { lockfileVersion: 3, packages: { '': { name: 'x' }, 'node_modules/a': {}, 'node_modules/z': {} } },
      null,
      2,
    );
    const after = JSON.parse(withLockedHusky(lock) ?? '');
    expect(Object.keys(after.packages)).toEqual(['', 'node_modules/a', 'node_modules/husky', 'node_modules/z']);
    expect(after.packages[''].devDependencies).toEqual({ husky: '^9.1.7' });
    expect(after.packages['node_modules/husky']).toMatchObject({ version: '9.1.7', dev: true });
    expect(withLockedHusky('{"lockfileVersion": 1, "dependencies": {}}')).toBeNull();
  });
});
