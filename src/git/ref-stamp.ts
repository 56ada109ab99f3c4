/** Whether a ref may have moved, told by files and without a process. Hot path: node built-ins only. */

import { statSync } from 'node:fs';
import { join } from 'node:path';

/** A text that differs whenever the ref (full name) may point elsewhere: loose refs, packed ones, and reftables are looked at. */
export function refStamp(commonDir: string, ref: string): string {
  return [ref, 'packed-refs', 'reftable/tables.list']
    .map((file) => {
      const stat = statSync(join(commonDir, file), { bigint: true, throwIfNoEntry: false });
      return stat ? `${stat.ino} ${stat.size} ${stat.mtimeNs}` : '-';
    })
    .join(', ');
}
