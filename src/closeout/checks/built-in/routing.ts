/** No new file lies where routing refuses it. */

import { count, oneLine } from '../../../core/text/text.ts';
import { findStrays } from '../../../lifecycle/files/strays.ts';
import { type BuiltIn, firstOf } from './built-in.ts';

export const routing: BuiltIn = {
  name: 'routing',
  required: false,
  async run({ repo, session, policy }) {
    const { mode } = policy.routing;
    if (mode === 'off') return { status: 'not-needed', detail: 'Routing is off in the policy.', findings: [] };
    const strays = await findStrays(repo, session, session.tip);
    const findings = strays.map(({ path, use }) => `${oneLine(path, 120)}${use === null ? '' : ` → ${oneLine(use, 160)}`}`);
    if (findings.length === 0) return { status: 'passed', detail: `No new file lies where routing (${mode}) refuses it.`, findings };
    return {
      status: 'failed',
      detail: `${count(findings.length, 'new file')} where routing (${mode}) refuses it: ${firstOf(findings)}.`,
      findings,
    };
  },
};
