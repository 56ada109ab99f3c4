/** The conversation at the end of a review as one pure function: an answer in, the next question or the decision out. */

/** What is asked now. */
export type Question =
  | { ask: 'sensitive' }
  | { ask: 'approve' }
  | { ask: 'topic'; wrong: boolean }
  | { ask: 'blocked' }
  | { ask: 'reason'; reasons: string[] }
  | { ask: 'unclear'; about: Question };

/** A reason about one line, typed while a diff is open: it is kept, and decides nothing. */
export interface Note {
  ask: 'note';
  /** What the typed text begins with: `path:line: `. */
  at: string;
}

export type Verdict = { verdict: 'approve' } | { verdict: 'reject'; reasons: string[] } | { verdict: 'leave' };

export interface Case {
  topic: string;
  /** Something changes policy and the like, and needs its own yes. */
  sensitive: boolean;
  /** Things for which the topic has to be typed. */
  concerns: number;
  /** Required checks have not passed. */
  blocked: boolean;
}

/** The first question. */
export function firstQuestion(of: Case): Question {
  if (of.blocked) return { ask: 'blocked' };
  return of.sensitive ? { ask: 'sensitive' } : { ask: 'approve' };
}

/** Whole: a slip of one key signs nothing. */
const YES = /^yes$/i;
const NO = /^(n|no|reject)$/i;
const LEAVE = /^(l|leave|q|quit|later|exit)$/i;

/** What follows an answer (a line as typed). */
export function answer(of: Case, question: Question, raw: string): Question | Verdict {
  const text = raw.trim();
  if (question.ask === 'unclear') return answer(of, question.about, raw);
  if (question.ask === 'reason') {
    if (text === '') return question.reasons.length === 0 ? { verdict: 'leave' } : { verdict: 'reject', reasons: question.reasons };
    if (of.blocked) return { verdict: 'reject', reasons: [text] };
    return { ask: 'reason', reasons: [...question.reasons, text] };
  }
  if (LEAVE.test(text)) return { verdict: 'leave' };
  if (question.ask === 'topic') {
    if (text === of.topic) return { verdict: 'approve' };
    return NO.test(text) ? { ask: 'reason', reasons: [] } : { ask: 'topic', wrong: true };
  }
  if (NO.test(text)) return { ask: 'reason', reasons: [] };
  if (question.ask === 'blocked' && !YES.test(text)) return text === '' ? { verdict: 'leave' } : { verdict: 'reject', reasons: [text] };
  if (question.ask === 'blocked' || !YES.test(text)) return { ask: 'unclear', about: question };
  if (question.ask === 'sensitive') return { ask: 'approve' };
  return of.concerns > 0 ? { ask: 'topic', wrong: false } : { verdict: 'approve' };
}
