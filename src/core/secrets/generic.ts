/** Assignments of what looks like a real secret to a name that says it is one: passwords, tokens and keys of no known format. */

const NAME =
  /passw(?:or)?d|passwd|secret|token|api[_-]?key|access[_-]?key|auth[_-]?key|private[_-]?key|signing[_-]?key|encryption[_-]?key|credential/gi;
/**
 * After the name: its rest, an annotation, the assignment, and the value with its quote. Of one without quotes the beginning tells enough: names may
 * stand in it, each with a value that reaches as far.
 */
const ASSIGNED =
  /([\w-]{0,24})["'`]?\]?[ \t]{0,8}(?::[ \t]{0,4}[A-Za-z][\w<>| ]{0,24}=|:=|=>|={1,3}|:|,)[ \t]{0,8}(?:Bearer[ \t])?(?:(["'`])(?:Bearer )?([^\s"'`]{8,4096})\2|([^\s"'`,;)\]}]{8,256}))/y;
/** Rests of a name that make it something else: a count, a place, a hash. */
const OTHER =
  /(?:count|counts|limit|length|size|type|name|names|path|file|url|uri|endpoint|ttl|expiry|expires|expires_?(?:at|in)|header|field|hash|hint|prefix|pattern|regex|policy|izer|ize|ization|usage|s?_?used|label|title|message|error|class|ary)$/i;
/** Files whose values stand without quotes. */
const BARE =
  /(?:^|\/)(?:[^/.]+|\.[^/]*|dockerfile[^/]*)$|\.(?:env[^/]*|ini|cfg|conf|properties|ya?ml|toml|sh|bash|zsh|fish|tfvars|service|md|txt)$/i;
/** Files full of digests that are no secrets. */
const LOCK_FILE =
  /(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lock|deno\.lock|composer\.lock|[^/]+\.lock|go\.sum)$/i;
/** What a person writes where a secret would be. */
const PLACEHOLDER =
  /example|change[-_ ]?(?:me|it)|place[-_]?holder|dummy|fake|mock|sample|redacted|masked|hidden|removed|your[-_a-z]|insert|replace|fill[-_]?in|todo|fixme|xxxx|\*\*\*|\.\.\.|test|demo|passw(?:or)?d|passphrase|secret|hunter2|letmein|qwerty|abcd|1234|0000|default|undefined|null|none|localhost/i;
/** Values that are computed or looked up. */
const REFERENCE =
  /^[$%<{[(@]|\$\{|\$\(|\{\{|<%|process\.env|import\.meta|environ|getenv|config[.[]|secrets?\.|vault[:.]|^(?:env|file|ref|op|ssm|arn):|[()]|:\/\/|^\.{0,2}\//i;
/** The example token of jwt.io, and of RFC 7519's introduction. */
const KNOWN_EXAMPLE = /SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c|dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk/;
const JWT = /^eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{16,}/;
const LONGEST = 4096;

/** What these findings are called. */
export const GENERIC_RULES = ['jwt', 'generic-secret'] as const;
type GenericRule = (typeof GENERIC_RULES)[number];

/** Where in the text a secret is assigned: the rule and the index of the name. */
export function assignedSecrets(text: string, path: string): { rule: GenericRule; index: number }[] {
  if (LOCK_FILE.test(path)) return [];
  const bare = BARE.test(path);
  const found: { rule: GenericRule; index: number }[] = [];
  for (const match of text.matchAll(NAME)) {
    ASSIGNED.lastIndex = match.index + match[0].length;
    const assigned = ASSIGNED.exec(text);
    if (!assigned || OTHER.test(assigned[1] ?? '')) continue;
    const value = assigned[3] ?? (bare ? assigned[4] : undefined);
    if (value === undefined || KNOWN_EXAMPLE.test(value)) continue;
    const start = assigned[3] === undefined ? ASSIGNED.lastIndex - value.length : ASSIGNED.lastIndex - value.length - 1;
    if (value.startsWith('eyJ') && JWT.test(text.slice(start, start + LONGEST))) found.push({ rule: 'jwt', index: match.index });
    else if (looksSecret(value) && !REFERENCE.test(wholeAt(text, start))) found.push({ rule: 'generic-secret', index: match.index });
  }
  return found;
}

/** The value, with what is not read of it at first. */
const wholeAt = (text: string, start: number): string => /^[^\s"'`,;)\]}]*/.exec(text.slice(start, start + LONGEST))?.[0] ?? '';

/** True for a value too random to be a name, a phrase or a placeholder. */
function looksSecret(value: string): boolean {
  if (value.length < 12 || isPlaceholder(value) || isIdentifier(value)) return false;
  const classes = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((kind) => kind.test(value)).length;
  if (!/\d/.test(value) || classes < 2) return false;
  const bits = entropy(value);
  if (/^[0-9a-f-]+$/i.test(value)) return value.length >= 24 && bits >= 3;
  return value.length >= 20 ? bits >= 3.5 : classes >= 3 && bits >= 3.1;
}

/** True for a stand-in or a reference instead of a secret. */
export function isPlaceholder(value: string): boolean {
  return PLACEHOLDER.test(value) || REFERENCE.test(value) || /^(.)\1+$/.test(value);
}

/** Words and short numbers joined by punctuation: `auth-session-store-2`, `com.acme.Token`. */
function isIdentifier(value: string): boolean {
  return /^[A-Za-z]+\d{0,2}(?:[-_.:/]+(?:[A-Za-z]+\d{0,2}|\d{1,4}))*$/.test(value);
}

/** Shannon entropy in bits a character. */
function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1);
  let bits = 0;
  for (const n of counts.values()) bits -= (n / text.length) * Math.log2(n / text.length);
  return bits;
}
