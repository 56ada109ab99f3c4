/** The calculator's HTTP backend: GET /evaluate?text=1%2B2 answers {"value": 3}; GET / serves the page. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { evaluate } from './calculator.js';

const page = readFileSync(new URL('./index.html', import.meta.url));

export function makeServer() {
  return createServer((request, response) => {
    const url = new URL(request.url, 'http://localhost');
    if (url.pathname === '/') {
      response.setHeader('content-type', 'text/html; charset=utf-8');
      response.end(page);
      return;
    }
    response.setHeader('content-type', 'application/json');
    if (url.pathname !== '/evaluate') {
      response.statusCode = 404;
      response.end('{"error":"not found"}');
      return;
    }
    try {
      response.end(JSON.stringify({ value: evaluate(url.searchParams.get('text') ?? '') }));
    } catch (error) {
      response.statusCode = 400;
      response.end(JSON.stringify({ error: error.message }));
    }
  });
}
