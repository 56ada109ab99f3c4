/** How models are asked and answer: Anthropic's Messages, OpenAI's Responses, Google's generateContent. */

import type { ServerResponse } from 'node:http';
import type { Block, Turn } from './scripted-model.ts';

interface Dialect {
  at: RegExp;
  // biome-ignore lint/suspicious/noExplicitAny: whatever a client sends
  turn(body: any): Turn;
  // biome-ignore lint/suspicious/noExplicitAny: whatever a client sends
  answer(response: ServerResponse, body: any, blocks: Block[], pathname: string): void;
}

let serial = 0;

/** Every text in a value, whatever it is nested in. */
function texts(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(texts).join('\n');
  if (typeof value !== 'object' || value === null) return '';
  const { text, content, output, parts, functionResponse, response, error } = value as Record<string, unknown>;
  return [text, content, output, parts, functionResponse, response, error].map(texts).filter(Boolean).join('\n');
}

const json = (response: ServerResponse, value: object) =>
  void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));

function events(response: ServerResponse, list: [type: string | null, data: object][]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const [type, data] of list) {
    if (type) response.write(`event: ${type}\n`);
    response.write(`data: ${JSON.stringify(type ? { type, ...data } : data)}\n\n`);
  }
  response.end();
}

const messages: Dialect = {
  at: /\/v1\/messages$/,
  turn: ({ system, messages: list, tools }) => ({
    heard: [system, ...list.filter(({ role }: { role: string }) => role !== 'assistant')].map(texts).join('\n'),
    n: list.filter(({ role }: { role: string }) => role === 'assistant').length,
    tools: (tools ?? []).map(({ name }: { name: string }) => name),
  }),
  answer(response, body, blocks) {
    const content = blocks.map((block) =>
      'text' in block
        ? { type: 'text', text: block.text }
        : { type: 'tool_use', id: `toolu_${serial++}`, name: block.tool, input: block.input },
    );
    const stop_reason = content.some(({ type }) => type === 'tool_use') ? 'tool_use' : 'end_turn';
    const usage = { input_tokens: 10, output_tokens: 10, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 };
    const about = { id: `msg_${serial++}`, type: 'message', role: 'assistant', model: body.model, stop_sequence: null, usage };
    if (!body.stream) return json(response, { ...about, content, stop_reason });
    const pieces = content.flatMap((block, index): [string, object][] => {
      const empty = block.type === 'text' ? { type: 'text', text: '' } : { ...block, input: {} };
      const delta =
        block.type === 'text'
          ? { type: 'text_delta', text: block.text }
          : { type: 'input_json_delta', partial_json: JSON.stringify('input' in block ? block.input : {}) };
      return [
        ['content_block_start', { index, content_block: empty }],
        ['content_block_delta', { index, delta }],
        ['content_block_stop', { index }],
      ];
    });
    events(response, [
      ['message_start', { message: { ...about, content: [], stop_reason: null } }],
      ...pieces,
      ['message_delta', { delta: { stop_reason, stop_sequence: null }, usage }],
      ['message_stop', {}],
    ]);
  },
};

const responses: Dialect = {
  at: /\/responses$/,
  turn: ({ instructions, input, tools }) => ({
    heard: [instructions, ...input.filter(({ role, type }: Item) => role !== 'assistant' && !/_call$/.test(type))].map(texts).join('\n'),
    n: input.filter(({ role, type }: Item) => role === 'assistant' || /_call$/.test(type)).length,
    tools: (tools ?? []).flatMap(namesOf),
  }),
  answer(response, body, blocks) {
    const output = blocks.map((block) => {
      const id = `item_${serial++}`;
      if ('text' in block) {
        const content = [{ type: 'output_text', text: block.text, annotations: [] }];
        return { type: 'message', id, role: 'assistant', status: 'completed', content };
      }
      const call = { id, call_id: `call_${serial++}`, name: block.tool, status: 'completed' };
      const tool = (body.tools ?? []).find((one: Tool) => namesOf(one).includes(block.tool));
      // A tool of free text takes its one argument as it is; one of a namespace is called within it.
      if (tool?.type === 'custom') return { type: 'custom_tool_call', ...call, input: Object.values(block.input)[0] };
      const within = tool?.type === 'namespace' ? { namespace: tool.name } : {};
      return { type: 'function_call', ...call, ...within, arguments: JSON.stringify(block.input) };
    });
    const usage = { input_tokens: 10, output_tokens: 10, total_tokens: 20 };
    const about = { id: `resp_${serial++}`, object: 'response', model: body.model, usage };
    events(response, [
      ['response.created', { response: { ...about, status: 'in_progress', output: [] } }],
      ...output.flatMap((item, output_index): [string, object][] => [
        ['response.output_item.added', { output_index, item }],
        ['response.output_item.done', { output_index, item }],
      ]),
      ['response.completed', { response: { ...about, status: 'completed', output } }],
    ]);
  },
};

interface Item {
  role?: string;
  type: string;
}

interface Tool {
  type: string;
  name?: string;
  tools?: Tool[];
}

const namesOf = ({ name, type, tools }: Tool): string[] => (type === 'namespace' ? (tools ?? []).flatMap(namesOf) : [name ?? type]);

const gemini: Dialect = {
  at: /:(?:stream)?[gG]enerateContent$/,
  turn: ({ systemInstruction, contents, tools }) => ({
    heard: [systemInstruction, ...contents.filter(({ role }: { role: string }) => role !== 'model')].map(texts).join('\n'),
    n: contents.filter(({ role }: { role: string }) => role === 'model').length,
    tools: (tools ?? []).flatMap(
      ({ functionDeclarations }: { functionDeclarations?: Tool[] }) => functionDeclarations?.flatMap(namesOf) ?? [],
    ),
  }),
  answer(response, _, blocks, pathname) {
    const parts = blocks.map((block) =>
      'text' in block ? { text: block.text } : { functionCall: { name: block.tool, args: block.input } },
    );
    const usageMetadata = { promptTokenCount: 10, candidatesTokenCount: 10, totalTokenCount: 20 };
    const said = { candidates: [{ content: { role: 'model', parts }, finishReason: 'STOP', index: 0 }], usageMetadata };
    return /:generateContent$/.test(pathname) ? json(response, said) : events(response, [[null, said]]);
  },
};

export const DIALECTS: readonly Dialect[] = [messages, responses, gemini];
