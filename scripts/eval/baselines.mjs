// What ours is held against: BM25 as in the textbooks, and substring search. Both give every pattern that shares a word, with its score.

const K1 = 1.2;
const B = 0.75;
const wordsOf = (text) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
const textOf = (pattern) =>
  [
    pattern.pattern_id,
    pattern.title,
    pattern.description,
    pattern.approach,
    ...pattern.lessons_learned,
    ...pattern.applies_to,
    ...pattern.tags,
  ].join(' ');

const best = (hits) => hits.filter(({ score }) => score > 0).sort((a, b) => b.score - a.score);

/** Whole words in lower case; no stemming, no stop words. */
export function bm25(patterns) {
  const docs = patterns.map((pattern) => wordsOf(textOf(pattern)));
  const counts = docs.map((words) => {
    const count = new Map();
    for (const word of words) count.set(word, (count.get(word) ?? 0) + 1);
    return count;
  });
  const average = docs.reduce((sum, words) => sum + words.length, 0) / docs.length;
  const idf = (word) => {
    const having = counts.filter((count) => count.has(word)).length;
    return Math.log(1 + (docs.length - having + 0.5) / (having + 0.5));
  };
  return (task) => {
    const terms = [...new Set(wordsOf(task))].map((word) => [word, idf(word)]);
    return best(
      patterns.map(({ pattern_id }, at) => {
        const norm = K1 * (1 - B + (B * docs[at].length) / average);
        const score = terms.reduce((sum, [word, weight]) => {
          const count = counts[at].get(word) ?? 0;
          return sum + (weight * count * (K1 + 1)) / (count + norm);
        }, 0);
        return { id: pattern_id, score };
      }),
    );
  };
}

/** How many of the task's words of at least four letters stand somewhere in the text. */
export function substrings(patterns) {
  const texts = patterns.map((pattern) => textOf(pattern).toLowerCase());
  return (task) => {
    const words = [...new Set(wordsOf(task))].filter((word) => word.length >= 4);
    return best(patterns.map(({ pattern_id }, at) => ({ id: pattern_id, score: words.filter((word) => texts[at].includes(word)).length })));
  };
}
