/** JUnit XML, as most test runners write it. Pure. */

import { counts, type TestCounts } from './counts.ts';
import { elementsOf, type XmlElement } from './xml.ts';

/** Counts of the test cases themselves, whatever sums the file states; null where it is no JUnit XML. */
export function readJunit(root: XmlElement): TestCounts | null {
  if (root.name !== 'testsuites' && root.name !== 'testsuite') return null;
  let [passed, failed, skipped] = [0, 0, 0];
  for (const test of elementsOf(root, 'testcase')) {
    const said = new Set(test.children.map(({ name }) => name));
    if (said.has('failure') || said.has('error')) failed++;
    else if (said.has('skipped') || NOT_RUN.test(test.attributes.status ?? '')) skipped++;
    else passed++;
  }
  return counts(passed, failed, skipped);
}

const NOT_RUN = /^(?:notrun|disabled|skipped|ignored)$/i;
