import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inferTopic } from '../../src/agents/topic.ts';
import { isVague, parseTopic } from '../../src/core/session/session-id.ts';

test.each([
  ['Please build an authentication API with JWT tokens', 'build-authentication-api-jwt-tokens'],
  ['fix the login bug', 'fix-login-bug'],
  ['Hi! Can you add rate limiting to the login endpoint? It is hammered.', 'add-rate-limiting-login-endpoint'],
  ['We need to migrate the database layer to Postgres 16.\nDetails: …', 'migrate-database-layer-postgres'],
  ["Let's refactor the parser so that it's faster", 'refactor-parser-faster'],
  ['```\nstack trace\n```\nFix the crash in the exporter', 'fix-crash-exporter'],
  ['Update README.md and docs/api.md for the new flags', 'update-readme-md-docs-api-md-new-flags'],
  ['what does the parser do?', null],
  ['How do I add a test?', null],
  ['explain the build', null],
  ['go', null],
  ['fix it', null],
  ['fix the bug', null],
  ['please make it better', null],
  ['thanks!', null],
  ['yes, do that', null],
  [
    'use the token sk-ant-api03-abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-abcdefghijklmnopqrstuv-AA to deploy the service',
    null,
  ],
  ['', null],
])('%j: %s', (prompt, topic) => expect(inferTopic(prompt)).toBe(topic));

test('whatever is asked, a topic is one that `start` takes, and the same each time', () => {
  const words = fc.constantFrom(
    'build',
    'fix',
    'the',
    'login',
    '../../x',
    '$(touch a)',
    '\u202e',
    'deadbeef01',
    'API',
    '?',
    '\n',
    'naïve',
    '日本',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(words, { maxLength: 12 }).map((list) => list.join(' ')),
      ),
      (prompt) => {
        const topic = inferTopic(prompt);
        expect(inferTopic(prompt)).toBe(topic);
        if (topic !== null) {
          expect(parseTopic(topic)).toBe(topic);
          expect(isVague(topic)).toBe(false);
        }
      },
    ),
    { numRuns: 500 },
  );
});
