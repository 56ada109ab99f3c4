/**
 * Token formats that the vendored set does not hold, or holds more narrowly than what providers hand out. Each is written from
 * the provider's own public documentation, named beside it.
 */

import type { SecretRule } from './secret-rule.ts';

export const OWN_RULES: readonly SecretRule[] = [
  // docs.stripe.com/keys: sk_live_, sk_test_, restricted rk_; docs.stripe.com/webhooks: whsec_.
  {
    rule: 'stripe',
    source: '\\b(?:[sr]k_(?:live|test)_[A-Za-z0-9]{20,250}|whsec_[A-Za-z0-9+/]{32,100})',
    flags: 'g',
    keywords: ['sk_live_', 'sk_test_', 'rk_live_', 'rk_test_', 'whsec_'],
  },
  // cloud.google.com/docs/authentication/api-keys: 39 characters that begin with AIza; OAuth client secrets begin with GOCSPX-.
  {
    rule: 'google',
    source: '\\b(?:AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])|GOCSPX-[A-Za-z0-9_-]{28})',
    flags: 'g',
    keywords: ['AIza', 'GOCSPX-'],
  },
  // platform.openai.com/docs: project, service account and admin keys, and the older sk- with 48 characters.
  {
    rule: 'openai',
    source: '\\bsk-(?:(?:proj|svcacct|admin)-[A-Za-z0-9_-]{40,200}|[A-Za-z0-9]{48})(?![A-Za-z0-9_-])',
    flags: 'g',
    keywords: ['sk-'],
  },
  // docs.anthropic.com: sk-ant- with the kind and number of key behind.
  { rule: 'anthropic', source: '\\bsk-ant-[a-z]{2,10}\\d{2}-[A-Za-z0-9_-]{40,200}', flags: 'g', keywords: ['sk-ant-'] },
  // docs.gitlab.com/security/tokens: prefixes of the other tokens.
  {
    rule: 'gitlab',
    source: '\\b(?:gldt|glrt|glrtr|glcbt|glptt|glft|glimt|glagent|glsoat|gloas|glffct)-[A-Za-z0-9_.-]{20,300}',
    flags: 'g',
    keywords: ['gldt-', 'glrt-', 'glrtr-', 'glcbt-', 'glptt-', 'glft-', 'glimt-', 'glagent-', 'glsoat-', 'gloas-', 'glffct-'],
  },
  // pypi.org/help/#apitoken.
  { rule: 'pypi', source: '\\bpypi-AgE[A-Za-z0-9_-]{50,400}', flags: 'g', keywords: ['pypi-AgE'] },
  // RFC 7468, RFC 4880 and openssh's PROTOCOL.key: also a block that was cut short.
  {
    rule: 'privatekey',
    source:
      '-----BEGIN (?:[A-Z0-9]{2,10} ){0,2}PRIVATE KEY(?: BLOCK)?-----(?:\\s|\\\\[nr])*(?:[A-Za-z-]{3,20}: [^\\n\\\\]{0,100}(?:\\n|\\\\[nr])+){0,5}(?:\\s|\\\\[nr])*[A-Za-z0-9+/=]{40}',
    flags: 'g',
    keywords: ['PRIVATE KEY'],
  },
  // RFC 6750 and RFC 7519: a JSON Web Token carried as a bearer.
  {
    rule: 'jwt',
    source: '\\bBearer\\s{1,3}eyJ[A-Za-z0-9_-]{10,2000}\\.eyJ[A-Za-z0-9_-]{10,4000}\\.[A-Za-z0-9_-]{16,2000}',
    flags: 'gi',
    keywords: ['bearer eyJ', 'Bearer eyJ'],
  },
];
