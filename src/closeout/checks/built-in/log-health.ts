/** The session's records, and the memory folded from them, can be read. */

import { count } from '../../../core/text.ts';
import { sessionRecords } from '../../../lifecycle/records.ts';
import type { BuiltIn } from './built-in.ts';

export const logHealth: BuiltIn = {
  name: 'log-health',
  required: false,
  async run({ repo, session }) {
    const { records, bad, unknown } = await sessionRecords(repo, session);
    const read = `${count(records.length, 'record')} of log and journal read`;
    const newer = unknown > 0 ? `, ${unknown} of kinds that this version does not know` : '';
    if (bad === 0) return { status: 'passed', detail: `${read}, no bad line${newer}.`, findings: [] };
    return { status: 'failed', detail: `${read}, ${count(bad, 'bad line')} set aside${newer}.`, findings: [] };
  },
};
