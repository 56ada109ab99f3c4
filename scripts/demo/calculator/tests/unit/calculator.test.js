// What the calculator must get right: precedence, parentheses, unary minus, and saying no.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluate } from '../../code/calculator.js';

for (const [text, value] of [
  ['1 + 2', 3],
  ['2 * (3 + 4)', 14],
  ['2 + 3 * 4', 14],
  ['10 / 4', 2.5],
  ['-3 + 5', 2],
  ['--2', 2],
  ['8 - 3 - 2', 3],
  ['1.5 * 2', 3],
]) {
  test(`${text} is ${value}`, () => assert.equal(evaluate(text), value));
}

for (const text of ['', '1 +', '(1', '1 2', 'process.exit()']) {
  test(`${JSON.stringify(text)} is refused`, () => assert.throws(() => evaluate(text), SyntaxError));
}
