// Figures of what was offered for tasks whose right answers are known, with intervals from a seeded bootstrap.

const OFFERED = 3;
const RESAMPLES = 2000;

/** One task's part in the figures; null where the task does not count for a figure. */
function judge({ answers }, offered) {
  const shown = offered.slice(0, OFFERED);
  if (answers.length === 0) return { recall: null, rank: null, falseOffer: shown.length > 0 ? 1 : 0, offeredRight: null };
  const first = shown.findIndex((id) => answers.includes(id));
  return {
    recall: answers.filter((id) => shown.includes(id)).length / answers.length,
    rank: first === -1 ? 0 : 1 / (first + 1),
    falseOffer: null,
    offeredRight: shown.length > 0 ? 1 : 0,
  };
}

/** The figures of a ranking; `offer` gives a task's ids, best first. */
export function measure(tasks, offer) {
  const judged = tasks.map((task) => judge(task, offer(task.description)));
  return {
    recall_at_3: withInterval(judged, 'recall'),
    mrr: withInterval(judged, 'rank'),
    false_offer_rate: withInterval(judged, 'falseOffer'),
    offered_when_answerable: withInterval(judged, 'offeredRight'),
  };
}

/** How much better the one ranking's recall is than the other's, task by task. */
export function recallGain(tasks, offer, other) {
  const pairs = tasks.map((task) => {
    const [a, b] = [judge(task, offer(task.description)).recall, judge(task, other(task.description)).recall];
    return { gain: a === null || b === null ? null : a - b };
  });
  return withInterval(pairs, 'gain');
}

/** The threshold of a scored ranking whose false-offer rate on these tasks is the highest that `allows`; its candidates are the scores themselves. */
export function threshold(tasks, rank, allows) {
  const unanswered = tasks.filter(({ answers }) => answers.length === 0).map(({ description }) => rank(description)[0]?.score ?? 0);
  const rate = (least) => unanswered.filter((score) => score >= least).length / unanswered.length;
  const steps = [0, ...unanswered.map((score) => score + 1e-9)].sort((a, b) => a - b);
  return steps.find((least) => allows(rate(least))) ?? Number.POSITIVE_INFINITY;
}

/** The ids of a scored ranking from a score on. */
export const from = (rank, least) => (task) =>
  rank(task)
    .filter(({ score }) => score >= least)
    .map(({ id }) => id);

function withInterval(judged, field) {
  const values = judged.map((one) => one[field]).filter((value) => value !== null);
  const mean = (list) => list.reduce((sum, value) => sum + value, 0) / list.length;
  const random = seeded(42);
  const means = Array.from({ length: RESAMPLES }, () => mean(values.map(() => values[Math.floor(random() * values.length)]))).sort(
    (a, b) => a - b,
  );
  const at = (share) => round(means[Math.floor(share * (RESAMPLES - 1))]);
  return { value: round(mean(values)), low: at(0.025), high: at(0.975), tasks: values.length };
}

const round = (value) => Math.round(value * 1000) / 1000;

/** mulberry32: the same numbers in every run. */
function seeded(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
