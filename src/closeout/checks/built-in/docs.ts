/** New code comes with words about it: a light rule over names and added lines, and no judge of quality. */

import { isDocs, publicLines } from '../../../core/checks/docs-for-code.ts';
import { sessionPaths } from '../../../core/session/metadata.ts';
import { count, oneLine } from '../../../core/text/text.ts';
import { readMany } from '../../../git/batch.ts';
import { type BuiltIn, type BuiltInFacts, filesLeft, firstOf } from './built-in.ts';

export const docsForCode: BuiltIn = {
  name: 'docs-for-code',
  required: false,
  async run(facts) {
    const code = await newCode(facts);
    if (code.length === 0) {
      return { status: 'not-needed', detail: 'No code artifact and no exported code of the workspace is new.', findings: [] };
    }
    const docs = filesLeft(facts.changes).filter(({ path }) => isDocs(path, sessionPaths(facts.session.id).root));
    const what = `New code in ${count(code.length, 'file')} (code artifacts, or new exported lines)`;
    if (docs.length > 0) {
      const named = firstOf(docs.map(({ path }) => shown(path, facts)));
      return { status: 'passed', detail: `${what}, and ${count(docs.length, 'changed document')}: ${named}.`, findings: [] };
    }
    return { status: 'failed', detail: `${what}, and no document was added or changed: ${firstOf(code)}.`, findings: code };
  },
};

/** Paths of code artifacts that are new, and of workspace files with new exported lines. */
async function newCode({ repo, session, changes }: BuiltInFacts): Promise<string[]> {
  const { root, artifact } = sessionPaths(session.id);
  const files = filesLeft(changes);
  const artifacts = files.filter(({ status, path }) => status === 'A' && path.startsWith(`${artifact('code')}/`));
  const product = files.filter(({ path }) => !path.startsWith(`${root}/`) && publicLines(path, '') !== null);
  const bodies = await readMany(
    repo,
    product.flatMap((change) => [change.oldOid, change.newOid]),
  );
  const text = (n: number) => bodies[n]?.body.toString('utf8') ?? '';
  const exported = product.filter(({ path }, n) => {
    const old = new Set(publicLines(path, text(2 * n)));
    return publicLines(path, text(2 * n + 1))?.some((line) => !old.has(line));
  });
  return [...artifacts, ...exported].map(({ path }) => shown(path, { session }));
}

/** A path as people read it: of artifacts without the session's folder. */
const shown = (path: string, { session }: Pick<BuiltInFacts, 'session'>) =>
  oneLine(path.replace(`${sessionPaths(session.id).root}/`, ''), 120);
