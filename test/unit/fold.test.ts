import { expect, test } from 'vitest';
import { folded } from '../../src/cli/fold.ts';

test('words stay whole, and what follows a label stands below it', () => {
  expect(folded('note: npm would pack sessions/ and .swarm/: name what to publish', 40)).toBe(
    'note: npm would pack sessions/ and\n      .swarm/: name what to publish',
  );
  expect(folded('  branch     session/20261122-101500-auth-system, from main at 7591168325', 60)).toBe(
    '  branch     session/20261122-101500-auth-system, from main\n             at 7591168325',
  );
  expect(folded('short\n  also short', 40)).toBe('short\n  also short');
  // Below a label of a line above.
  expect(folded('         user.signingKey is not set', 24)).toBe('         user.signingKey\n         is not set');
  // Colours take no room, and do not break.
  expect(folded('\u001b[33mnote:\u001b[39m aaaa bbbb', 15)).toBe('\u001b[33mnote:\u001b[39m aaaa bbbb');
});

test('commands and words that are too long stay as they are, to be copied', () => {
  const command = 'git session hooks post-task --task-id login';
  expect(folded(`next: Let the open task finish with: ${command}`, 40)).toBe(`next: Let the open task finish with:\n      ${command}`);
  expect(folded(`      ${command}`, 30)).toBe(`      ${command}`);
  const dotted = 'git config user.signingKey ~/.ssh/id_ed25519.pub';
  expect(folded(`next:    Use a key that you have:  ${dotted}`, 40)).toBe(`next:    Use a key that you have:\n         ${dotted}`);
  const path = `/${'long/'.repeat(12)}file`;
  expect(folded(`  kept at    ${path} now`, 60)).toBe(`  kept at    ${path}\n             now`);
  expect(folded(`worktree ${path} is there`, 30)).toBe(`worktree\n  ${path}\n  is there`);
});
