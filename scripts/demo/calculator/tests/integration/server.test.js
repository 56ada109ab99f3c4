// The backend over real HTTP, on a port of the loopback address that the system picks.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { makeServer } from '../../code/server.js';

const server = makeServer();
let base = '';
before(
  () =>
    new Promise((done) =>
      server.listen(0, '127.0.0.1', () => {
        base = `http://127.0.0.1:${server.address().port}`;
        done();
      }),
    ),
);
after(() => server.close());

test('evaluates', async () => {
  const response = await fetch(`${base}/evaluate?text=${encodeURIComponent('2 * (3 + 4)')}`);
  assert.deepEqual(await response.json(), { value: 14 });
});

test('says what it cannot read', async () => {
  const response = await fetch(`${base}/evaluate?text=${encodeURIComponent('1 +')}`);
  assert.equal(response.status, 400);
});

test('serves the page, and nothing else', async () => {
  assert.match(await (await fetch(`${base}/`)).text(), /<title>Calculator/);
  assert.equal((await fetch(`${base}/etc/passwd`)).status, 404);
});
