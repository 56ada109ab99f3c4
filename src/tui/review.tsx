/** The review on a terminal: everything scrolls by once, the question stays at the end. */

import { Box, Static, Text, useApp, useInput, useStdout } from 'ink';
import { useEffect, useRef, useState } from 'react';
import {
  cannotApprove,
  concernLines,
  QUESTION,
  type ReviewFacts,
  type ReviewLine,
  reviewLines,
  type Tone,
  wrapLine,
} from '../core/review.ts';
import { count, oneLine } from '../core/text.ts';
import { answer, type Case, firstQuestion, type Question, type Verdict } from './decision.ts';
import { typed } from './text-line.ts';

export interface ReviewProps {
  review: ReviewFacts;
  /** Things for which the topic has to be typed. */
  concerns: string[];
  /** Required checks that have not passed. */
  blocked: string[];
  onDone(verdict: Verdict): void;
}

interface Screen {
  question: Question;
  /** What is typed so far. */
  text: string;
  done: Verdict | null;
}

const STYLES: Record<Tone, { color?: string; bold?: boolean; dimColor?: boolean }> = {
  plain: {},
  title: { bold: true },
  heading: { bold: true },
  good: { color: 'green' },
  bad: { color: 'red' },
  warn: { color: 'yellow' },
  dim: { dimColor: true },
};

/** The review, and the conversation after it. Ctrl-C and Escape leave. */
export function Review({ review, concerns, blocked, onDone }: ReviewProps) {
  const { exit } = useApp();
  const { stdout } = useStdout();
  const width = stdout.columns ?? 80;
  const of: Case = {
    topic: review.facts.topic,
    sensitive: review.sensitive.length > 0,
    concerns: concerns.length,
    blocked: blocked.length > 0,
  };
  const sealing = review.land === 'pr' && !review.sealed;
  // Keys can come faster than React draws: what counts is kept beside its state.
  const now = useRef<Screen>({ question: firstQuestion(of), text: '', done: null });
  const [{ question, text, done }, draw] = useState(now.current);
  const become = (screen: Screen) => {
    now.current = screen;
    draw(screen);
  };
  useEffect(() => {
    if (done === null) return;
    onDone(done);
    exit();
  }, [done, onDone, exit]);
  useInput((input, key) => {
    const before = now.current;
    if (before.done !== null) return;
    if (key.escape || (key.ctrl && (input === 'c' || input === 'd'))) return become({ ...before, done: { verdict: 'leave' } });
    const { text, lines } = typed(before.text, input, key);
    let next: Question | Verdict = before.question;
    for (const line of lines) if ('ask' in next) next = answer(of, next, line);
    become('verdict' in next ? { ...before, text: '', done: next } : { question: next, text, done: null });
  });
  const rows = reviewLines(review).flatMap((line) => wrapLine(line, width).map((row) => ({ row, tone: line.tone })));
  return (
    <Box flexDirection="column">
      <Static items={rows}>{({ row, tone }, i) => <Row key={i} text={row} tone={tone} />}</Static>
      <Box flexDirection="column" marginTop={1}>
        {(done ? said(done, sealing) : ask(question, of, { concerns, blocked, sealing })).flatMap((line) =>
          wrapLine(line, width).map((row) => <Row key={row} text={row} tone={line.tone} />),
        )}
        {done === null && <Text>{`> ${text}`}</Text>}
      </Box>
    </Box>
  );
}

function Row({ text, tone }: { text: string; tone: Tone }) {
  return <Text {...STYLES[tone]}>{text === '' ? ' ' : text}</Text>;
}

const say = (text: string, tone: Tone = 'plain'): ReviewLine => ({ text, tone, indent: 2 });

interface Around {
  concerns: readonly string[];
  blocked: readonly string[];
  /** Yes seals for a pull request, and signs nothing. */
  sealing: boolean;
}

/** The question as it stands. */
function ask(question: Question, of: Case, around: Around): ReviewLine[] {
  const { concerns, blocked, sealing } = around;
  switch (question.ask) {
    case 'sensitive':
      return [say('The changes listed first decide about sessions or machines.', 'warn'), say('Accept them? (yes/no)', 'title')];
    case 'approve':
      return [
        ...concernLines(concerns),
        say(
          sealing
            ? 'yes seals it for review by pull request, and signs nothing; no sends it back with a reason; leave decides nothing.'
            : 'yes approves and signs; no sends it back with a reason; leave decides nothing.',
          'dim',
        ),
        say(QUESTION, 'title'),
      ];
    case 'topic':
      return [
        ...concernLines(concerns),
        ...(question.wrong ? [say('That is not the topic.', 'warn')] : []),
        say(
          `${count(concerns.length, 'thing')} above ${concerns.length === 1 ? 'needs' : 'need'} your eyes. Type the topic to approve all the same:`,
        ),
        say(of.topic, 'title'),
      ];
    case 'blocked':
      return [
        ...concernLines(concerns),
        say(`${cannotApprove(blocked)} Type a reason to send it back with, or press Enter to leave it as it is.`, 'bad'),
      ];
    case 'reason':
      return [
        ...question.reasons.map((reason) => say(`- ${oneLine(reason)}`)),
        say(
          question.reasons.length === 0
            ? 'What has to change? (path:line: text names a place; Enter alone leaves without a word)'
            : 'Another reason, or Enter to send it back:',
        ),
      ];
    case 'unclear':
      return [
        ...(question.about.ask === 'blocked' ? [] : [say('Please answer yes, no or leave.', 'warn')]),
        ...ask(question.about, of, around),
      ];
  }
}

/** What was decided, as far as it is true already; what comes of it is said once it has. */
function said(verdict: Verdict, sealing: boolean): ReviewLine[] {
  if (verdict.verdict === 'approve') return [say(sealing ? 'Sealing \u2026' : 'Signing \u2026')];
  if (verdict.verdict === 'leave') return [];
  return [say(`Sent back with ${count(verdict.reasons.length, 'reason')}.`)];
}
