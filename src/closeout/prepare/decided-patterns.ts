/** Refuses what cannot be decided about the proposed patterns. */

import { stateError } from '../../core/errors.ts';
import { LEARNED_NAMESPACE } from '../../core/memory/key.ts';
import { patternValue } from '../../core/pattern/pattern.ts';
import type { PatternDecision } from '../../core/pattern/proposal.ts';
import { oneLine } from '../../core/text/text.ts';
import { refuseSecrets } from '../../lifecycle/memory/store.ts';
import type { Prepared } from './prepare.ts';

/** Throws (exit 1), with nothing changed, where a key is no proposal of this session, or an edited text holds a secret. */
export function refusePatterns({ content, policy }: Pick<Prepared, 'content' | 'policy'>, { dropped, edited }: PatternDecision): void {
  const proposals = new Map(content.facts.patterns.map((pattern) => [pattern.key, pattern]));
  const unknown = [...dropped, ...(edited?.patterns.keys() ?? [])].find((key) => !proposals.has(key));
  if (unknown !== undefined) {
    const keys = [...proposals.keys()].map((key) => oneLine(key, 120));
    throw stateError({
      what: `The session proposes no pattern ${oneLine(unknown, 120)}, so nothing was changed.`,
      next: keys.length > 0 ? `It proposes:\n${keys.join('\n')}` : 'It proposes none.',
    });
  }
  for (const [key, fields] of edited?.patterns ?? []) {
    if (proposals.get(key)?.change === 'removed') {
      throw stateError({ what: `${oneLine(key, 120)} is to be removed: there is nothing to edit.`, next: 'Drop that proposal instead.' });
    }
    refuseSecrets(policy.policy, { place: { namespace: LEARNED_NAMESPACE, key }, value: patternValue(fields), tags: [] });
  }
}
