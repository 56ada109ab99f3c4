/** What is asked, below the list. Pure. */

import { cannotApprove, concernLines, QUESTION, type ReviewLine, type Tone } from '../core/closeout/review.ts';
import { wrapLine } from '../core/text/columns.ts';
import { count, oneLine } from '../core/text/text.ts';
import type { ReviewData } from './data.ts';
import type { Case, Question } from './decision.ts';
import { cutTo, type Row, span } from './rows.ts';
import type { State } from './state.ts';

/** What the conversation is about. */
export function caseOf({ data }: Pick<State, 'data'>): Case {
  const { topic, review, concerns } = data;
  return { topic, sensitive: (review?.sensitive.length ?? 0) > 0, concerns: concerns.length, blocked: false };
}

/** True where a yes seals for a pull request, and signs nothing. */
const sealsOnly = ({ review }: Pick<ReviewData, 'review'>): boolean => review?.land === 'pr' && !review.sealed;

/** The rows of the panel, none where nothing is asked. */
export function panelLines(state: State): Row[] {
  const { asking, message, size } = state;
  if (asking === null) return message === null ? [] : [cutTo([span(` ${message}`, 'warn')], size.columns)];
  const lines =
    asking.question.ask === 'note'
      ? [say('What has to change here? (kept as a note until you send it back)')]
      : questionLines(asking.question, state);
  // At most half of the screen: the end of what is asked is what counts.
  const most = Math.max(2, Math.floor(size.rows / 2) - 3);
  const rows = lines.flatMap((line) => wrapLine(line, size.columns).map((row) => [span(row, line.tone)]));
  const shown =
    rows.length <= most
      ? rows
      : [[span(`  \u2026 ${rows.length - most + 1} lines more on screen 1`, 'dim')] as Row, ...rows.slice(-(most - 1))];
  return [...shown, [span('  > '), span(endOf(asking.text, size.columns - 6)), span('\u258f', 'accent')]];
}

/** The end of a long answer: where one types. */
const endOf = (text: string, room: number): string => [...text].slice(-Math.max(1, room)).join('');

const say = (text: string, tone: Tone = 'plain'): ReviewLine => ({ text: `  ${text}`, tone, indent: 4 });

/** The question in words: the same on a screen and on paper. */
export function questionLines(question: Question, { data, notes }: Pick<State, 'data' | 'notes'>): ReviewLine[] {
  const { concerns, blocked } = data;
  const eyes = concernLines(concerns).map(({ text, tone }) => say(text, tone));
  switch (question.ask) {
    case 'sensitive':
      return [
        ...eyes,
        say('What decides about sessions or machines changes here.', 'warn'),
        say('Accept these changes? (yes/no), or leave', 'title'),
      ];
    case 'approve':
      return [
        ...eyes,
        ...(notes.length > 0
          ? [say(`${count(notes.length, 'note')} of yours would not be sent: r sends the session back with them.`, 'warn')]
          : []),
        say(
          sealsOnly(data)
            ? 'yes seals it for review by pull request, and signs nothing; no sends it back with a reason; leave decides nothing.'
            : 'yes approves and signs; no sends it back with a reason; leave decides nothing.',
          'dim',
        ),
        say(`${QUESTION}, or leave`, 'title'),
      ];
    case 'topic':
      return [
        ...eyes,
        ...(question.wrong ? [say('That is not the topic.', 'warn')] : []),
        say(
          `${count(concerns.length, 'thing')} above ${concerns.length === 1 ? 'needs' : 'need'} your eyes. Type the topic to approve all the same:`,
        ),
        say(oneLine(data.topic), 'title'),
      ];
    case 'blocked':
      return [...eyes, say(`${cannotApprove(blocked)} Type a reason to send it back with, or press Enter to leave it as it is.`, 'bad')];
    case 'reason':
      return [
        ...question.reasons.map((reason) => say(`- ${oneLine(reason)}`)),
        say(
          question.reasons.length === 0
            ? 'What has to change? (path:line: text names a place)'
            : 'Another reason, or Enter to send it back:',
        ),
      ];
    case 'unclear':
      return [
        ...(question.about.ask === 'blocked' ? [] : [say('Please answer yes, no or leave.', 'warn')]),
        ...questionLines(question.about, { data, notes }),
      ];
  }
}
