/** JUnit and Cobertura XML as runners write it, and XML that nobody should believe or choke on. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseXml } from '../../src/closeout/checks/xml.ts';
import { readCobertura } from '../../src/core/reports/cobertura.ts';
import { readJunit } from '../../src/core/reports/junit.ts';

const junit = async (text: string) => {
  const root = await parseXml(text);
  return root && readJunit(root);
};
const cobertura = async (text: string) => {
  const root = await parseXml(text);
  return root && readCobertura(root);
};
const of = (passed: number, failed: number, skipped: number) => ({ total: passed + failed + skipped, passed, failed, skipped });

describe('JUnit XML', () => {
  test.each([
    [
      'pytest',
      `<?xml version="1.0" encoding="utf-8"?><testsuites name="pytest tests"><testsuite name="pytest" errors="1" failures="1" skipped="1" tests="4">
        <testcase classname="t" name="a" time="0.001" /><testcase name="b"><failure message="assert 1 == 2">def b():</failure></testcase>
        <testcase name="c"><skipped type="pytest.skip" message="later" /></testcase><testcase name="d"><error message="boom">&lt;x&gt;</error></testcase>
      </testsuite></testsuites>`,
      of(1, 2, 1),
    ],
    [
      'surefire, one suite a file',
      '<testsuite tests="1"><properties/><testcase name="a"><system-out><![CDATA[<testcase/>]]></system-out></testcase></testsuite>',
      of(1, 0, 0),
    ],
    [
      'nested suites, as mocha and .NET have them',
      '<testsuites><testsuite><testsuite><testcase/></testsuite><testcase/></testsuite></testsuites>',
      of(2, 0, 0),
    ],
    [
      'googletest, not run',
      '<testsuites><testsuite><testcase status="run"/><testcase status="notrun"/></testsuite></testsuites>',
      of(1, 0, 1),
    ],
    ['sums that the cases do not bear out', '<testsuite tests="999" failures="0"><testcase><failure/></testcase></testsuite>', of(0, 1, 0)],
    ['no case', '<testsuites tests="12"/>', of(0, 0, 0)],
    ['a namespace', '<j:testsuite xmlns:j="x"><j:testcase/></j:testsuite>', of(1, 0, 0)],
    ['another document', '<html><testcase/></html>', null],
    ['a comment', '<testsuite><!-- <testcase/> --></testsuite>', of(0, 0, 0)],
  ])('%s', async (_, text, expected) => {
    expect(await junit(text)).toEqual(expected);
  });
});

describe('Cobertura XML', () => {
  const DOCTYPE = '<?xml version="1.0" ?><!DOCTYPE coverage SYSTEM "http://cobertura.sourceforge.net/xml/coverage-04.dtd">';
  const lines = (...hits: number[]) => `<lines>${hits.map((n, i) => `<line number="${i + 1}" hits="${n}"/>`).join('')}</lines>`;
  const klass = (file: string, ...hits: number[]) =>
    `<class name="c" filename="${file}"><methods><method name="m">${lines(...hits)}</method></methods>${lines(...hits)}</class>`;
  const report = (classes: string, attributes = '') =>
    `${DOCTYPE}<coverage ${attributes}><packages><package><classes>${classes}</classes></package></packages></coverage>`;

  test.each([
    ['lines, those of methods once', report(klass('a.py', 1, 0, 3) + klass('b.py', 0)), { covered: 2, total: 4 }],
    ['two classes of one file', report(klass('a.cs', 1, 0) + klass('a.cs', 0, 5, 0)), { covered: 2, total: 3 }],
    ['sums where no line is listed', report('', 'lines-covered="3" lines-valid="4" line-rate="0.75"'), { covered: 3, total: 4 }],
    ['lines count, not the sums', report(klass('a.py', 0), 'lines-covered="9" lines-valid="9"'), { covered: 0, total: 1 }],
    ['a rate alone', report('', 'line-rate="1"'), null],
    ['impossible sums', report('', 'lines-covered="5" lines-valid="4"'), null],
    ['impossible hits', report('<class filename="a"><lines><line number="1" hits="lots"/></lines></class>'), null],
    ['another document', '<clover/>', null],
  ])('%s', async (_, text, expected) => {
    expect(await cobertura(text)).toEqual(expected);
  });
});

describe('hostile XML', () => {
  const entities = Array.from({ length: 30 }, (_, n) => `<!ENTITY l${n + 1} "&l${n};&l${n};&l${n};">`).join('');
  test.each([
    ['an entity bomb is not expanded', `<!DOCTYPE t [<!ENTITY l0 "<testcase/>">${entities}]><testsuite>&l30;</testsuite>`, of(0, 0, 0)],
    ['an external entity', '<!DOCTYPE t [<!ENTITY x SYSTEM "file:///etc/passwd">]><testsuite><testcase name="&x;"/></testsuite>', null],
    ['a parameter entity', '<!DOCTYPE t [<!ENTITY % x SYSTEM "file:///etc/passwd"> %x;]><testsuite/>', null],
    ['an end that is missing', '<testsuite><testcase></testsuite>', null],
    ['a file that was cut', '<testsuites><testsuite><testcase name="a"/><testca', null],
    ['two roots', '<testsuite><testcase/></testsuite><testsuite/>', null],
    ['text alone', 'ok 1\n1..1\n', null],
    ['nothing', '', null],
    ['a name that reaches into objects', '<testsuite><__proto__ polluted="1"/><testcase/></testsuite>', null],
    ['depth', `${'<testsuite>'.repeat(5000)}${'</testsuite>'.repeat(5000)}`, null],
    ['size', `<testsuite>${'<testcase/>'.repeat(1_600_000)}</testsuite>`, null],
  ])('%s', async (_, text, expected) => {
    expect(await junit(text)).toEqual(expected);
    expect(({} as { polluted?: string }).polluted).toBeUndefined();
  });

  test('any text gives a document or null, and never throws', async () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom('<testsuite>', '</testsuite>', '<testcase/>', '<a b="', '">', '<![CDATA[', '&x;', '<!--', '<?', '<!DOCTYPE a ['),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece), async (pieces) => {
        const found = await junit(pieces.join(''));
        if (found) expect(found.total).toBe(found.passed + found.failed + found.skipped);
      }),
    );
  });
});
