/** The session's records can be read, results of checks are the tool's own, and what it stored for later sessions says something. */

import { foldMemory } from '../../../core/memory/memory.ts';
import { type Pattern, readPatterns } from '../../../core/pattern/pattern.ts';
import { count, oneLine } from '../../../core/text/text.ts';
import { sessionRecords } from '../../../lifecycle/session/records.ts';
import { type BuiltIn, firstOf } from './built-in.ts';

export const logHealth: BuiltIn = {
  name: 'log-health',
  required: false,
  async run({ repo, session }) {
    const { records, bad, unknown } = await sessionRecords(repo, session);
    const hollow = readPatterns(foldMemory(records, Date.now()))
      .filter(isHollow)
      .map(({ key }) => oneLine(key, 120));
    const lines = bad === 0 ? 'no bad line' : `${count(bad, 'bad line')} set aside`;
    const newer = unknown > 0 ? `, ${unknown} of kinds that this version does not know` : '';
    const read = `${count(records.length, 'record')} of log and journal read, ${lines}${newer}`;
    const useless = hollow.length === 0 ? '' : `, ${count(hollow.length, 'pattern')} without a word to learn from: ${firstOf(hollow)}`;
    const forged = records.flatMap((record) =>
      record.kind === 'check.ran' && record.actor.kind !== 'tool'
        ? [`a result of the check ${oneLine(record.data.name, 60)} written by ${oneLine(record.actor.name, 60)}`]
        : [],
    );
    const claimed = forged.length === 0 ? '' : `, ${firstOf(forged)}: only the tool that ran it writes results`;
    const findings = [...forged, ...hollow];
    return { status: bad === 0 && findings.length === 0 ? 'passed' : 'failed', detail: `${read}${claimed}${useless}.`, findings };
  },
};

/** True where it holds nothing that a later session could learn from. */
function isHollow({ description, approach, implementation, code_snippets, lessons_learned }: Pattern): boolean {
  const words = [description, approach, ...lessons_learned].some((text) => text !== null && text.trim() !== '');
  return !words && implementation === null && code_snippets === null;
}
