/** The landing as data: which steps, in which order, each repeatable. What runs them journals each one, so that a killed closeout is finished by the next. Pure. */

/** What a step touches: `objects` no ref names yet, private files, a checkout, refs that people see, or the remote. */
type Touches = 'objects' | 'private' | 'checkout' | 'refs' | 'remote';

const STEPS = {
  approve: { touches: 'private', does: 'keep the moment of the approval, so that a repeated run uses the same' },
  seal: { touches: 'objects', does: "write the generated files and the seal, the session's last commit" },
  sign: { touches: 'objects', does: 'sign the merge commit and the backup tag, and verify both against the approvers' },
  lock: { touches: 'private', does: 'open the ref transaction: every ref is checked and locked, none has moved' },
  'move-base-checkout': { touches: 'checkout', does: 'bring the checkout of base to the landed tree' },
  'move-session-checkout': { touches: 'checkout', does: "bring the session's checkout to the landed tree" },
  'move-refs': { touches: 'refs', does: 'move base and the session branch and create the tag, all at once' },
  push: { touches: 'remote', does: 'push base and the tag together; where that is refused, the landing is taken back' },
  'take-back': { touches: 'refs', does: 'where the remote refused: base, session branch and tag back, and the checkouts with them' },
  'leave-branch': { touches: 'checkout', does: "put the session's checkout on base, or take it off the branch" },
  'remove-worktree': { touches: 'checkout', does: "remove the session's clean linked worktree" },
  'delete-branch': { touches: 'refs', does: 'delete the session branch, which the tag keeps' },
  tidy: { touches: 'private', does: 'remove the private files of the closeout' },
} as const satisfies Record<string, { touches: Touches; does: string }>;

export type StepName = keyof typeof STEPS;

export interface Step {
  name: StepName;
  touches: Touches;
  does: string;
}

/** Where the two branches are checked out, and what is to happen. */
export interface LandingFacts {
  /** `land`: base, session and tag move. `seal`: only the session branch (by pull request). `tag`: only the tag (approval by pull request). */
  goal: 'land' | 'seal' | 'tag';
  /** The session branch is at the seal already: nothing is left to write there. */
  sealed: boolean;
  /** A checkout is on base. */
  baseCheckout: boolean;
  /** The session's checkout: none, one that goes to base, or one that cannot because base is checked out elsewhere. */
  sessionCheckout: 'none' | 'to-base' | 'detach' | 'remove';
  keepBranch: boolean;
  /** `closeout --push`. */
  push: boolean;
  /** The remote has refused the push: the landing goes back, and nothing follows. */
  refused?: boolean;
}

/** The steps of a landing in order. */
export function landingPlan(facts: LandingFacts): Step[] {
  const land = facts.goal === 'land';
  const refused = facts.refused === true;
  const off = land && !refused && facts.sessionCheckout !== 'none';
  const names: [StepName, boolean][] = [
    ['approve', true],
    ['seal', !facts.sealed],
    ['sign', facts.goal !== 'seal'],
    ['lock', true],
    ['move-base-checkout', land && facts.baseCheckout],
    ['move-session-checkout', facts.sessionCheckout !== 'none' && (land || !facts.sealed)],
    ['move-refs', true],
    ['push', land && facts.push],
    ['take-back', refused],
    ['leave-branch', off],
    ['remove-worktree', off && facts.sessionCheckout === 'remove'],
    ['delete-branch', land && !refused && !facts.keepBranch],
    ['tidy', !refused],
  ];
  return names.filter(([, wanted]) => wanted).map(([name]) => ({ name, ...STEPS[name] }));
}

/** True where a run that began `step` last had begun `mark`. */
export function hasBegun(step: StepName, mark: StepName): boolean {
  const order = Object.keys(STEPS) as StepName[];
  return order.indexOf(step) >= order.indexOf(mark);
}
