/** What holds on Windows and macOS alone, as far as it can be asked elsewhere. */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { canRun } from '../../src/lifecycle/hooks/can-run.ts';
import { asOnDisk } from '../../src/store/edit-path.ts';
import { parsePolicy } from '../../src/trust/policy-file.ts';
import { tempDir } from '../support/repo.ts';

test('a path is spelled as its folders hold it: other letters, and composed or decomposed ones, name the same file', () => {
  const top = tempDir();
  mkdirSync(join(top, 'Src/Caf\u00e9'), { recursive: true });
  writeFileSync(join(top, 'README.md'), '');
  expect(asOnDisk(top, 'readme.MD')).toBe('README.md');
  expect(asOnDisk(top, 'src/cafe\u0301/New.ts')).toBe('Src/Caf\u00e9/New.ts');
  // Where both are there, each is itself.
  writeFileSync(join(top, 'readme.md'), '');
  expect(asOnDisk(top, 'readme.md')).toBe('readme.md');
});

test('git for Windows runs a hook whatever its mode says', () => {
  expect([canRun({ mode: 0o100666 }, 'win32'), canRun({ mode: 0o100666 }, 'linux'), canRun({ mode: 0o100755 }, 'linux')]).toEqual([
    true,
    false,
    true,
  ]);
});

test('a policy with CRLF is the same policy, and its mistakes have the same places', () => {
  const text = 'version: 1\n# note\nrouting:\n  mode: warn\nchecks:\n  - name: a\n    run: |\n      one\n      two\n';
  const crlf = text.replaceAll('\n', '\r\n');
  expect(parsePolicy(crlf, '.sessionrc.yaml')).toEqual(parsePolicy(text, '.sessionrc.yaml'));
  expect(() => parsePolicy(crlf.replace('warn', 'wran'), '.sessionrc.yaml')).toThrow();
  try {
    parsePolicy(crlf.replace('warn', 'wran'), '.sessionrc.yaml');
  } catch (error) {
    expect((error as { why: string }).why).toMatch(/^\.sessionrc\.yaml:4:9: routing\.mode/);
  }
});
