/** Checks proposed from what a project has: paths and texts in, proposals out. Pure. */

import { node } from './node.ts';
import { dotnet, go, gradle, make, maven, ruby, rust } from './others.ts';
import type { Project, Proposal } from './project.ts';
import { python } from './python.ts';

const LANGUAGES: [string, (project: Project) => Proposal | null][] = [
  ['node', node],
  ['python', python],
  ['go', go],
  ['rust', rust],
  ['ruby', ruby],
  ['gradle', gradle],
  ['maven', maven],
  ['dotnet', dotnet],
];

/** What could be run to check this project. The first language keeps the plain names `test` and `lint`; `make test` is for where none has a test. */
export function detectChecks(project: Project): Proposal {
  const proposal: Proposal = { setup: null, setup_inputs: [], checks: [] };
  const setups: string[] = [];
  for (const [language, detect] of LANGUAGES) {
    const found = detect(project);
    if (!found || found.checks.length === 0) continue;
    if (found.setup !== null) setups.push(found.setup);
    proposal.setup_inputs.push(...found.setup_inputs);
    const taken = new Set(proposal.checks.map(({ name }) => name));
    for (const check of found.checks) proposal.checks.push(taken.has(check.name) ? { ...check, name: `${language}-${check.name}` } : check);
  }
  if (!proposal.checks.some(({ name }) => name === 'test' || name.endsWith('-test')))
    proposal.checks.push(...(make(project)?.checks ?? []));
  return { ...proposal, setup: setups.length === 0 ? null : setups.join(' && ') };
}
