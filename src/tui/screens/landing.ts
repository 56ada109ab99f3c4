/** What a yes does, in git's terms: what moves, and what is signed by which key. */

import { type LandingPreview, stepsOf } from '../../core/closeout/landing-preview.ts';
import { caveats } from '../../core/closeout/review.ts';
import { oneLine } from '../../core/text/text.ts';
import { headed, type Line, labelled, paragraph, type ScreenTone } from '../rows.ts';
import type { Screen } from './view.ts';

export const landingScreen: Screen = ({ data, width }) => {
  const { review } = data;
  const plan = review?.landing;
  if (!review) return paragraph('Not known yet.', width, 'dim');
  if (!plan) return paragraph('Nobody decides here now.', width, 'dim');
  const row = (label: string, text: string, tone: ScreenTone = 'plain') => labelled(label, text, width, tone, 'accent');
  return [
    ...headed('Moves', 'all at once, in one ref transaction, or not at all'),
    ...refLines(plan, row),
    ...headed('Signed'),
    ...signLines(plan, row),
    ...headed('Checkouts'),
    ...checkoutLines(plan, width),
    ...headed('Afterwards'),
    ...afterLines(plan, row),
    ...headed('Step by step', 'an interrupted one is finished by the same command'),
    ...stepsOf(plan).flatMap(({ does }, n) => row(String(n + 1), does)),
    ...caveats(review).flatMap((text) => paragraph(text, width, 'warn')),
  ];
};

type Row = (label: string, text: string, tone?: ScreenTone) => Line[];
const short = (oid: string) => oid.slice(0, 10);

function refLines({ goal, base, session, tag }: LandingPreview, row: Row): Line[] {
  const land = goal === 'land';
  return [
    ...row(
      'base',
      `${oneLine(base.branch)}: ${short(base.commit)} \u2192 ${land ? 'a new merge commit, whose parents are base and the seal' : 'stays; the forge merges it'}`,
    ),
    ...row(
      'session',
      `${oneLine(session.branch)}: ${short(session.tip)} \u2192 ${session.sealed ? 'stays: it is sealed' : 'the seal, a commit that adds only generated files'}`,
    ),
    ...row('tag', goal === 'seal' ? 'none now' : tag === null ? 'a further approval of the same seal' : `${tag} is made, on the seal`),
  ];
}

function signLines({ goal, tag, signs }: LandingPreview, row: Row): Line[] {
  if (goal === 'seal' || signs === null) return row('nothing', 'an approver signs afterwards: git session approve');
  return [
    ...row('by', signs),
    ...(goal === 'land' ? row('commit', 'the merge commit on base') : []),
    ...row('tag', `${tag ?? 'the approval'}, with the manifest of what was reviewed`),
  ];
}

const AFTER = {
  stay: 'goes along and stays',
  'to-base': 'goes to base, uncommitted files kept',
  detach: 'is taken off the branch (base is checked out elsewhere)',
  remove: 'is a clean linked worktree and is removed',
} as const;

function checkoutLines({ checkouts }: LandingPreview, width: number): Line[] {
  if (checkouts === null) return paragraph('Known once the checks have run.', width, 'dim', 4);
  if (checkouts.length === 0) return paragraph('none moves', width, 'plain', 4);
  return checkouts.flatMap(({ top, role, after }) => paragraph(`${oneLine(top, 400)} (on ${role}): ${AFTER[after]}`, width, 'plain', 4));
}

function afterLines({ goal, session, keepBranch, push }: LandingPreview, row: Row): Line[] {
  const branch = goal !== 'land' || keepBranch ? 'stays' : `${oneLine(session.branch)} is deleted; the tag keeps its commits`;
  return [
    ...row('branch', branch),
    ...row(
      'remote',
      push === null ? 'nothing is pushed' : `base and tag go to ${oneLine(push)} together; refused there, the landing is taken back`,
    ),
  ];
}
