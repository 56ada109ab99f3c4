/** Keeps the data of the retrieval evaluation fit to measure with: enough of it, labelled, and in words of its own. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ROOT } from '../support/repo.ts';

const text = z.string().trim().min(1);
const slug = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/);

const patternsFile = z.array(
  z.strictObject({
    pattern_id: slug,
    title: text,
    kind: z.enum(['strategy', 'pitfall']),
    description: text,
    approach: text,
    lessons_learned: z.array(text).min(1),
    applies_to: z.array(text).min(3).max(5),
    tags: z.array(slug).min(1),
  }),
);
const tasksFile = z.array(
  z.strictObject({ id: slug, description: text, answers: z.array(slug).max(3), note: text.optional() }).refine((task) => {
    const words = task.description.split(/\s+/).length;
    return words >= 5 && words <= 60;
  }, 'a description has 5 to 60 words'),
);

const load = (name: string): unknown => JSON.parse(readFileSync(join(ROOT, 'test/eval', name), 'utf8'));
const patterns = patternsFile.parse(load('patterns.json'));
const dev = tasksFile.parse(load('tasks.dev.json'));
const heldOut = tasksFile.parse(load('tasks.held-out.json'));

const folded = (phrase: string) => (phrase.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(' ');
const repeated = (values: string[]) => values.filter((value, at) => values.indexOf(value) !== at);
const answersOf = (tasks: typeof dev) => new Set(tasks.flatMap((task) => task.answers));

const PLAIN = new Set(
  (
    'a an and are as at be been but by can do does for from get gets go goes has have how i if in into is it its keep let many more must no ' +
    'not of off on one only or our out over own put run same so take that the their them then there they this to too two up use was we what ' +
    'when where which who will with without you your'
  ).split(' '),
);
/** The telling words of a phrase, without the commonest English endings. */
const telling = (phrase: string) =>
  new Set(
    folded(phrase)
      .split(' ')
      .filter((word) => word.length > 1 && !PLAIN.has(word))
      .map((word) => word.replace(/(ations?|ings?|ments?|ers?|ed|es|s|e|ly)$/, '')),
  );

test('the bank is large enough, its ids and titles are unique, and a fair part of it are pitfalls', () => {
  expect(patterns.length).toBeGreaterThanOrEqual(72);
  expect(repeated(patterns.map((pattern) => pattern.pattern_id))).toEqual([]);
  expect(repeated(patterns.map((pattern) => folded(pattern.title)))).toEqual([]);
  const pitfalls = patterns.filter((pattern) => pattern.kind === 'pitfall').length;
  expect(pitfalls / patterns.length).toBeGreaterThanOrEqual(0.2);
  expect(pitfalls / patterns.length).toBeLessThanOrEqual(0.35);
});

describe.each([
  ['dev', dev],
  ['held', heldOut],
])('the %s tasks', (prefix, tasks) => {
  const answered = tasks.filter((task) => task.answers.length > 0);

  test('are enough, and at least a quarter of them fit no pattern', () => {
    expect(tasks.length).toBeGreaterThanOrEqual(80);
    expect(1 - answered.length / tasks.length).toBeGreaterThanOrEqual(0.25);
  });

  test('have ids of their own split, and answers that are in the bank, each once', () => {
    const known = new Set(patterns.map((pattern) => pattern.pattern_id));
    expect(repeated(tasks.map((task) => task.id))).toEqual([]);
    expect(tasks.filter((task) => !task.id.startsWith(`${prefix}-`))).toEqual([]);
    expect(tasks.filter((task) => repeated(task.answers).length > 0 || !task.answers.every((id) => known.has(id)))).toEqual([]);
  });

  test('share no telling word with the titles of their answers in at least half of the cases', () => {
    const title = new Map(patterns.map((pattern) => [pattern.pattern_id, pattern.title]));
    const apart = answered.filter((task) => {
      const words = telling(task.description);
      return !task.answers.some((id) => [...telling(title.get(id) ?? '')].some((word) => words.has(word)));
    });
    expect(apart.length / answered.length).toBeGreaterThanOrEqual(0.5);
  });
});

test('no description is there twice, in one split or in both', () => {
  expect(repeated([...dev, ...heldOut].map((task) => folded(task.description)))).toEqual([]);
});

test('no phrase that a pattern is indexed by is a task', () => {
  const asked = new Set([...dev, ...heldOut].map((task) => folded(task.description)));
  expect(patterns.flatMap((pattern) => pattern.applies_to).filter((phrase) => asked.has(folded(phrase)))).toEqual([]);
});

test('every pattern is the answer to a task, and the held-out tasks ask for patterns known from dev as well as for others', () => {
  const [known, asked] = [answersOf(dev), answersOf(heldOut)];
  expect(patterns.map((pattern) => pattern.pattern_id).filter((id) => !known.has(id) && !asked.has(id))).toEqual([]);
  const others = [...asked].filter((id) => !known.has(id)).length;
  expect(others).toBeGreaterThanOrEqual(20);
  expect(asked.size - others).toBeGreaterThanOrEqual(20);
});
