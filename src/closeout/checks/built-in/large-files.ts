/** No file above policy's limit. */

import { count, oneLine } from '../../../core/text.ts';
import { statMany } from '../../../git/batch.ts';
import { type BuiltIn, filesLeft, firstOf } from './built-in.ts';

export const largeFiles: BuiltIn = {
  name: 'large-files',
  required: false,
  async run({ repo, changes, policy }) {
    const files = filesLeft(changes);
    const limit = policy.limits.large_file_kb;
    const sizes = await statMany(
      repo,
      files.map((change) => change.newOid),
    );
    const findings = files.flatMap(({ path }, n) => {
      const kb = (sizes[n]?.size ?? 0) / 1024;
      return kb > limit ? [`${oneLine(path, 120)} (${Math.ceil(kb)} KB)`] : [];
    });
    if (findings.length === 0) return { status: 'passed', detail: `No added or changed file is above ${limit} KB.`, findings };
    return { status: 'failed', detail: `${count(findings.length, 'file')} above ${limit} KB: ${firstOf(findings)}.`, findings };
  },
};
