/**
 * Appends memory records and says which were acknowledged: `<common dir> <session> <name> <count>`. With a count of 0 it goes on until it
 * is killed, with values of changing length. Bundled by the test and run with plain node, as many processes at once.
 */

import { writeSync } from 'node:fs';
import type { SessionId } from '../../src/core/session/session-id.ts';
import { appendRecord } from '../../src/store/journal.ts';

const [commonDir = '', session = '', name = '', count = '0'] = process.argv.slice(2);
const forever = count === '0';

for (let n = 0; forever || n < Number(count); n++) {
  const value = `${name}:${n}:${'x'.repeat(forever && n % 4 === 0 ? (n * 7919) % 60_000 : 40 + (n % 400))}`;
  appendRecord(commonDir, session as SessionId, {
    kind: 'memory.stored',
    actor: { kind: 'agent', name },
    data: { namespace: 'coordination', key: `${name}/${n}`, value },
  });
  if (forever) writeSync(1, `${name}/${n}\n`);
}
