// Takes the patterns of secretlint's recommended preset (MIT) over as data: src/core/secrets/secretlint.rules.json.
// Usage: node scripts/refresh-secret-rules.mjs [version]   (default: the version that the file names)
// The preset is run on probe files with String.prototype.matchAll watched, so that each rule shows the very expression it uses.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const PACKAGE = '@secretlint/secretlint-rule-preset-recommend';
const file = join(dirname(fileURLToPath(import.meta.url)), '..', 'src', 'core', 'secrets', 'secretlint.rules.json');

// Text that each expression's every match contains, so that the scanner need not run it elsewhere. A part of the expression picks the row.
const KEYWORDS = [
  ['aws', 'AKIA', ['A3T', 'AKIA', 'AGPA', 'AIDA', 'AROA', 'AIPA', 'ANPA', 'ANVA', 'ASIA']],
  ['aws', 'SECRET|secret', ['SECRET', 'Secret', 'secret']],
  ['privatekey', 'BEGIN', ['PRIVATE KEY']],
  ['npm', 'npm_', ['npm_']],
  ['npm', 'x-oauth', [':x-oauth-basic@']],
  ['npm', '_authToken', ['_authToken=']],
  ['basicauth', 'ftps', ['http://', 'https://', 'ftp://', 'ftps://']],
  ['slack', 'xoxb', ['xoxb-', 'xoxp-', 'xapp-', 'xoxa-', 'xoxo-', 'xoxr-']],
  ['slack', 'hooks', ['hooks.slack.com']],
  ['sendgrid', 'SG', ['SG.']],
  ['shopify', 'shppa', ['shppa_', 'shpca_', 'shpat_', 'shpss_']],
  ['github', 'ghp', ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_']],
  ['github', 'github_pat', ['github_pat_']],
  ['github', '>ghs)', ['ghs_']],
  ['gitlab', 'glpat', ['glpat-']],
  ['grafana', 'glc_', ['glc_']],
  ['grafana', 'glsa_', ['glsa_']],
  ['openai', 'T3BlbkFJ', ['T3BlbkFJ']],
  ['anthropic', 'sk-ant-api', ['sk-ant-api0']],
  ['groq', 'gsk_', ['gsk_']],
  ['huggingface', 'hf_', ['hf_']],
  ['linear', 'lin_api_', ['lin_api_']],
  ['notion', 'ntn_', ['ntn_']],
  ['1password', 'ops_', ['ops_ey']],
  ['database-connection-string', 'mongodb', ['mongodb']],
  ['database-connection-string', 'mysql', ['mysql']],
  ['database-connection-string', 'postgres', ['postgres']],
  ['hashicorp-vault', 'hvs', ['hvs.']],
  ['hashicorp-vault', 'hvb', ['hvb.']],
  ['hashicorp-vault', 'hvr', ['hvr.']],
  ['vercel', 'vcp', ['vcp_', 'vci_', 'vca_', 'vcr_', 'vck_']],
  ['databricks', 'dapi', ['dapi']],
  ['docker', 'dckr', ['dckr_pat_']],
  ['figma', 'figd_', ['figd_']],
];
// Not taken: an account number is no secret, and the last one reads comments that switch secretlint off.
const LEFT_OUT = [
  ['aws', 'ACCOUNT'],
  ['filter-comments', 'secretlint-'],
];
// Some rules look at files of certain names only; an expression that not every probe sees is bound to the names that do.
const PROBES = ['a.txt', 'package.json', 'package-lock.json', '.npmrc', 'a.json', 'a.md'];

const wanted = process.argv[2] ?? JSON.parse(readFileSync(file, 'utf8')).version;
const dir = mkdtempSync(join(tmpdir(), 'secret-rules-'));
try {
  execFileSync('npm', ['pack', '--silent', `${PACKAGE}@${wanted}`], { cwd: dir });
  const [tarball] = readdirSync(dir);
  execFileSync('tar', ['xzf', tarball], { cwd: dir });
  const root = join(dir, 'package');
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const seen = await watch(await import(pathToFileURL(join(root, 'module', 'index.js')).href));
  const rules = seen.flatMap(([rule, source, flags, files]) => {
    if (LEFT_OUT.some(([name, part]) => name === rule && source.includes(part))) return [];
    const row = KEYWORDS.findLast(([name, part]) => name === rule && source.includes(part));
    if (!row) throw new Error(`no keywords are known for a pattern of ${rule}: ${source}`);
    return [{ rule, source, flags, keywords: row[2], ...(files.size < PROBES.length ? { files: [...files] } : {}) }];
  });
  const data = {
    origin: `${PACKAGE} on the npm registry`,
    version: manifest.version,
    licence: manifest.license,
    notice: readFileSync(join(root, 'LICENSE'), 'utf8'),
    made_by: 'scripts/refresh-secret-rules.mjs',
    rules,
  };
  writeFileSync(file, `${JSON.stringify(data, null, 2)}\n`);
  console.log(`${rules.length} patterns of ${PACKAGE} ${manifest.version}`);
} finally {
  rmSync(dir, { recursive: true, force: true });
}

async function watch({ rules }) {
  const original = String.prototype.matchAll;
  const seen = new Map();
  let rule = '';
  let probe = '';
  String.prototype.matchAll = function (expression) {
    const key = `${rule} ${expression}`;
    if (rule && !seen.has(key)) seen.set(key, [rule, expression.source, expression.flags, new Set()]);
    if (rule) seen.get(key)[3].add(probe);
    return original.call(this, expression);
  };
  try {
    const context = { createTranslator: () => () => ({}), report() {}, ignore() {} };
    for (const creator of rules) {
      for (const filePath of PROBES) {
        const content = filePath.endsWith('.json') ? '{"a": 1}' : 'probe';
        const handlers = creator.create(context, { enableIDScanRule: true });
        probe = filePath;
        rule = creator.meta.id.replace('@secretlint/secretlint-rule-', '');
        await handlers.file?.({ content, filePath, ext: /\.[^.]+$/.exec(filePath)?.[0] ?? '', contentType: 'text' });
        rule = '';
      }
    }
  } finally {
    String.prototype.matchAll = original;
  }
  return [...seen.values()];
}
