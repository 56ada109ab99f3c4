/** No file above policy's limit. */

import { sessionPaths } from '../../../core/session/metadata.ts';
import { count, oneLine } from '../../../core/text/text.ts';
import { statMany } from '../../../git/batch.ts';
import { type BuiltIn, filesLeft, firstOf } from './built-in.ts';

export const largeFiles: BuiltIn = {
  name: 'large-files',
  required: false,
  async run({ repo, session, changes, policy }) {
    // The log is the tool's own, and grows with the work.
    const files = filesLeft(changes).filter(({ path }) => !path.startsWith(`${sessionPaths(session.id).log}/`));
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
