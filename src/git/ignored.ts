/** What ignore rules hide. */

import { type Repo, runGit } from './run.ts';

/** Which of the paths (folders end with a slash; none need exist) are ignored, with the rule as `file:line: pattern`. */
export async function ignoredBy(repo: Repo, paths: string[]): Promise<Map<string, string>> {
  const input = paths.map((path) => `${path}\0`).join('');
  // check-ignore takes paths and no pathspecs: it refuses our usual --literal-pathspecs.
  const args = ['--no-literal-pathspecs', 'check-ignore', '--verbose', '--no-index', '-z', '--stdin'];
  const { out } = await runGit(repo, args, { input, ok: [0, 1] });
  const fields = out.split('\0');
  const found = new Map<string, string>();
  for (let i = 0; i + 3 < fields.length; i += 4) {
    const [source = '', line = '', pattern = '', path = ''] = fields.slice(i, i + 4);
    // A pattern that begins with "!" is the rule that brings the path back.
    if (!pattern.startsWith('!') && !isInside(pattern, path)) found.set(path, `${source}:${line}: ${pattern}`);
  }
  return found;
}

/** Asked about `a/`, git also names `a/*`, which ignores what lies in it and not the folder. */
function isInside(pattern: string, path: string): boolean {
  const parts = (text: string) => text.replace(/^(\*\*)?\/|\/$/g, '').split('/').length;
  return path.endsWith('/') && parts(pattern) > parts(path);
}
