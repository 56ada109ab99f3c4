// npm run eval: whether the patterns offered for a task are the right ones, beside plain BM25 and substring search in the same run.
// `--dev` leaves the held-out tasks alone: use it, and only it, while you change the ranking. `--json` for machines.
// Prints figures over all tasks, never a single held-out task. Exits 1 where BM25 finds as much on the held-out tasks.
import { readFileSync } from 'node:fs';
import { bm25, substrings } from './eval/baselines.mjs';
import { from, measure, recallGain, threshold } from './eval/measure.mjs';
import { productRanking } from './eval/product.mjs';

const read = (name) => JSON.parse(readFileSync(new URL(`../test/eval/${name}`, import.meta.url), 'utf8'));
const patterns = read('patterns.json');
const dev = read('tasks.dev.json');
const splits = process.argv.includes('--dev') ? { dev } : { dev, 'held-out': read('tasks.held-out.json') };

const ours = await productRanking(patterns);
const plain = bm25(patterns);
const pieces = substrings(patterns);
const devRate = measure(dev, ours).false_offer_rate.value;
const notAbove = (rate) => threshold(dev, plain, (at) => at <= rate);

const results = Object.entries(splits).map(([split, tasks]) => {
  const rate = measure(tasks, ours).false_offer_rate.value;
  const kindest = noFewer(tasks, rate);
  const rows = [
    ['git-session', ours],
    [`BM25, threshold from dev: false offers at most ${devRate.toFixed(2)}`, from(plain, notAbove(devRate))],
    ['BM25, threshold from this split, in its favour', from(plain, kindest)],
    ...[0.1, 0.5].map((at) => [`BM25, threshold from dev: false offers at most ${at.toFixed(2)}`, from(plain, notAbove(at))]),
    ['BM25, no threshold', from(plain, 0)],
    [
      'substrings, threshold from dev',
      from(
        pieces,
        threshold(dev, pieces, (at) => at <= devRate),
      ),
    ],
    ['substrings, no threshold', from(pieces, 0)],
  ].map(([name, offer]) => ({ name, ...measure(tasks, offer) }));
  return {
    split,
    tasks: tasks.length,
    rows,
    gain_over_bm25: {
      at_our_false_offer_rate: recallGain(tasks, ours, from(plain, kindest)),
      without_threshold: recallGain(tasks, ours, from(plain, 0)),
    },
  };
});

/** BM25's strictest threshold on these tasks that makes no fewer false offers than this share: the kindest comparison there is. */
function noFewer(tasks, rate) {
  const tops = tasks.filter(({ answers }) => answers.length === 0).map(({ description }) => plain(description)[0]?.score ?? 0);
  const steps = tops.sort((a, b) => b - a);
  return steps[Math.max(0, Math.round(rate * steps.length) - 1)] ?? 0;
}

if (process.argv.includes('--json')) console.log(JSON.stringify({ patterns: patterns.length, results }, null, 2));
else for (const result of results) print(result);

const held = results.find(({ split }) => split === 'held-out');
if (held) {
  const [mine, , kind] = held.rows;
  const holds = mine.recall_at_3.value > kind.recall_at_3.value && mine.false_offer_rate.value <= kind.false_offer_rate.value;
  if (!holds) console.error('NOT HELD: on the held-out tasks, recall@3 must beat BM25 at no higher false-offer rate.');
  process.exitCode = holds ? 0 : 1;
}

function print({ split, tasks, rows, gain_over_bm25: gain }) {
  const shown = ({ value, low, high }) => `${value.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}]`;
  const counted = rows[0];
  console.log(
    `${split}: ${tasks} tasks, ${counted.recall_at_3.tasks} with an answer among ${patterns.length} patterns and ${counted.false_offer_rate.tasks} without` +
      `${split === 'dev' ? '. The ranking was tuned on these: they flatter it.' : '. Nothing was tuned on these.'}`,
  );
  const columns = ['recall_at_3', 'mrr', 'false_offer_rate', 'offered_when_answerable'];
  const line = (cells) =>
    console.log(
      cells
        .map((cell, at) => (at === 0 ? cell.padEnd(52) : cell.padEnd(20)))
        .join('')
        .trimEnd(),
    );
  line(['', 'recall@3', 'MRR (of 3)', 'false offers', 'offered, answerable']);
  for (const row of rows) line([row.name, ...columns.map((column) => shown(row[column]))]);
  console.log(
    `recall@3 over BM25: ${shown(gain.at_our_false_offer_rate)} in its favour, ${shown(gain.without_threshold)} over BM25 without threshold`,
  );
  console.log('In brackets: 95 % of 2,000 seeded resamples of the tasks.\n');
}
