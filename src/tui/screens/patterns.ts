/** What the session proposes to remember: each pattern kept, dropped or edited before it is signed. */

import { decidePatterns, type PatternFact } from '../../core/documents/facts.ts';
import { patternLine, proposalLines } from '../../core/pattern/lines.ts';
import { oneLine } from '../../core/text/text.ts';
import { type Line, paragraph, plainLine, span, spread } from '../rows.ts';
import { decisionOf, type Screen } from './view.ts';

export const patternsScreen: Screen = ({ data, edits, width, draws }) => {
  const { review } = data;
  if (!review) return paragraph('Not read yet.', width, 'dim');
  const { patterns } = decidePatterns(review.facts, decisionOf(edits));
  if (patterns.length === 0) return paragraph('No pattern is proposed: nothing was learned.', width, 'dim');
  const note = review.sealed
    ? 'They are sealed. To change one, send it back.'
    : `What is kept is offered to later sessions.${draws ? ' d drops or keeps the chosen one, e edits it.' : ''}`;
  return [...paragraph(note, width, 'dim'), ...patterns.flatMap((pattern) => patternLines(pattern, width))];
};

function patternLines(pattern: PatternFact, width: number): Line[] {
  const { key, kept, change, edited } = pattern;
  const state = kept ? span('[kept]    ', 'good') : span('[dropped] ', 'bad');
  // The state stands in front: the line itself need not say it again.
  const said = patternLine({ ...pattern, kept: true }, oneLine).slice(2);
  return [
    plainLine(),
    { target: `pattern:${key}`, draw: () => spread([state, span(said, kept ? 'heading' : 'dim')], [], width - 3) },
    ...proposalLines(pattern).flatMap((line) => {
      const tone = / [+] /.test(line) ? 'good' : / - /.test(line) && change === 'changed' ? 'bad' : 'dim';
      return paragraph(line.trim(), width, change === 'changed' || edited ? tone : 'dim', 13);
    }),
  ];
}
