import { type Audit, type AuditOptions, openAudit } from '../../closeout/verify/audit.ts';
import { type AllReport, type VerifyReport, verifyAll, verifyOne } from '../../closeout/verify/index.ts';
import { knownSession, namedSession } from '../../closeout/verify/known.ts';
import { verifyRequest } from '../../closeout/verify/request.ts';
import { EXIT, stateError, usageError } from '../../core/errors.ts';
import { count, visible } from '../../core/text/text.ts';
import type { Verdict } from '../../core/verify/finding.ts';
import { openRepo } from '../../git/repo.ts';
import type { Repo } from '../../git/run.ts';
import { type Call, type CommandSpec, flag, text } from '../command.ts';
import { printCounts, printFindings, printLine, printReport } from '../print/verify.ts';
import { startProgress } from '../progress.ts';

export const command: CommandSpec = {
  name: 'verify',
  summary: 'Check a landed session against its signatures',
  details:
    'Checks merge commit, tag, seal, manifest, backup, inventory, log and check results against each other and against the approvers that were ' +
    'in force when the session landed. It needs nothing but the repository: a fresh clone without a network will do.\n\n' +
    'Everything rests on the policy root, the first commit that held policy. Ask the project for it, and state it with --root.\n\n' +
    'Where the policy was one of the approver\u2019s clone alone (git session init --local), it says "policy: local, unaudited": what the objects prove is ' +
    'checked, and nothing shows who could approve.\n\n' +
    'Exits 4 where anything failed or is unverified. With --all, sessions that landed without an approval are only counted where policy has memory.trust: landed, ' +
    'and so are those that landed by a policy of one clone before that of the branch began.',
  args: [{ spec: '[session]', description: 'id or a unique beginning of it' }],
  options: [
    { flags: '--all', description: 'every session of this clone, and what stands beside them on the branches' },
    {
      flags: '--request <commit>',
      description: 'judge it as a request that would land this commit: it must be the approved seal, with enough approvals',
    },
    { flags: '--root <digest>', description: 'the policy root as the project told you, at least 12 digits' },
    { flags: '--no-cache', description: 'verify signatures and documents anew' },
  ],
  examples: ['git session verify 20251117-143022', 'git session verify --all --root 3f2a9c1b7d20'],
  json: true,
  run,
};

async function run(call: Call): Promise<void> {
  const [word] = call.args;
  const all = flag(call, 'all');
  const request = text(call, 'request');
  if (request !== undefined && (all || word === undefined)) {
    throw usageError({ what: 'A request is of one session: say which.', next: 'git session verify <session> --request <commit>' });
  }
  if (all === (word !== undefined)) {
    throw usageError({
      what: all ? 'Name a session, or ask for --all; not both.' : 'Say which session, or ask for --all.',
      next: 'git session verify --all',
    });
  }
  const { io } = call;
  const repo = await openRepo();
  const options = {
    policyRoot: text(call, 'root'),
    noCache: call.options.cache === false,
    onPinned: (told: string) => io.note(visible(told)),
  };
  if (all) return printAll(call, await everySession(repo, options));
  const audit = await openAudit(repo, options);
  const report =
    request === undefined
      ? await verifyOne(audit, await knownSession(audit, word ?? ''))
      : await verifyRequest(audit, await namedSession(audit, word ?? ''), request);
  if (request === undefined && !report.tag && !report.landing) {
    throw stateError({
      what: `${report.id} has no backup tag and has not landed, so nothing is signed yet.`,
      next: 'It is signed by its closeout. If that was done elsewhere, fetch first: git fetch --tags',
    });
  }
  io.json({ verdict: report.verdict, counts: countsOf([report]), sessions: [report], findings: [], policy: policyOf(audit) });
  printReport(io, report);
  for (const note of audit.policy.notes) io.note(visible(note, '\n'));
  if (report.verdict !== 'verified') process.exitCode = EXIT.verification;
}

function printAll({ io }: Call, report: AllReport): void {
  const counts = countsOf(report.sessions);
  io.json({ verdict: report.verdict, counts, sessions: report.sessions, findings: report.findings, policy: report.policy });
  for (const session of report.sessions) printLine(io, session);
  if (report.findings.length > 0) io.say('Beside the sessions:');
  printFindings(io, report.findings);
  printCounts(io, counts);
  io.say(policyLine(report.policy));
  if (report.before.size > 0) {
    io.say(`${count(report.before.size, 'session')} landed by a policy of one clone, before the policy began: only counted.`);
  }
  const open = report.sessions.filter(({ id, verdict }) => verdict !== 'verified' && !report.before.has(id));
  const tolerated = report.verdict === 'unverified' && (report.acceptsUnsigned || open.length === 0);
  if (report.verdict !== 'verified' && !tolerated) process.exitCode = EXIT.verification;
}

function policyLine({ root, branch, local }: AllReport['policy']): string {
  if (local) return 'Policy: local, unaudited. It is this clone\u2019s own, and no history holds it.';
  return root === '' ? 'No policy is in force.' : `Policy root: ${root} on ${branch}`;
}

function countsOf(reports: readonly VerifyReport[]): Record<Verdict, number> {
  const of = (verdict: Verdict) => reports.filter((report) => report.verdict === verdict).length;
  return { verified: of('verified'), failed: of('failed'), unverified: of('unverified') };
}

function policyOf({ policy: { branch, root, commit, source, local } }: Audit) {
  return { branch, root, commit, source, local: local !== null };
}

async function everySession(repo: Repo, options: AuditOptions): Promise<AllReport> {
  const progress = startProgress('Looking for the sessions of this clone…');
  try {
    return await verifyAll(repo, { ...options, onProgress: (done, of) => progress.tell(`Verified ${done} of ${count(of, 'session')}…`) });
  } finally {
    progress.done();
  }
}
