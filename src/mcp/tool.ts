/** What a tool is: one file each declares its words, its schemas and what it does. */

import type { ToolAnnotations } from '@modelcontextprotocol/server';
import { z } from 'zod';
import type { Actor } from '../core/log/record.ts';
import { asObject } from '../core/text/json.ts';
import type { LiveMemory } from '../lifecycle/memory/live.ts';

export interface Tool<I extends z.ZodObject = z.ZodObject, O extends z.ZodObject = z.ZodObject> {
  name: string;
  description: string;
  input: I;
  output: O;
  annotations: Required<Pick<ToolAnnotations, 'readOnlyHint' | 'destructiveHint' | 'idempotentHint'>>;
  /** Throws a SessionError where it cannot be done: the client sees it as the tool's error. */
  run(args: z.output<I>, call: ToolCall): Promise<z.input<O>>;
}

/** What a tool gets beside its arguments. */
export interface ToolCall {
  /** Where the server was started: the checkout that it serves. */
  cwd: string;
  memory: LiveMemory;
  /** Who calls, by the name that they give themselves, the environment, or the client's own. */
  actor(name: string | undefined): Actor;
  /** The task that is named, or that the environment names. */
  task(name: string | undefined): string | null;
  /** Aborts where the client cancels or is gone. */
  signal: AbortSignal;
  /** Tells a client that asked for it what goes on. */
  progress(line: string): void;
}

/** Declares a tool; its types come from its schemas. */
export const tool = <I extends z.ZodObject, O extends z.ZodObject>(spec: Tool<I, O>): Tool => spec as unknown as Tool;

/** Something with fields that the model reads without being told of them before. */
export const anything = z.looseObject({});

/** The schema as clients are told it, in few bytes: its dialect is the protocol's default, and what else an answer may hold is nobody's concern. */
export function lean(schema: z.ZodObject): z.ZodObject {
  const standard = schema['~standard'];
  const { input, output } = standard.jsonSchema;
  const jsonSchema: typeof standard.jsonSchema = {
    // Some clients want to be told of the properties where there are none.
    input: (options) => ({ properties: {}, ...withoutNoise(input(options)) }),
    output: (options) => withoutNoise(output(options), ['required']),
  };
  return { '~standard': { ...standard, jsonSchema } } as unknown as z.ZodObject;
}

const NOISE = ['$schema', 'additionalProperties'];

function withoutNoise(part: Record<string, unknown>, more: readonly string[] = []): Record<string, unknown> {
  const within = (value: unknown): unknown =>
    Array.isArray(value) ? value.map(within) : asObject(value) ? withoutNoise(value as Record<string, unknown>, more) : value;
  const kept = Object.entries(part).filter(
    ([name, value]) => !NOISE.includes(name) && !more.includes(name) && !(name === 'properties' && JSON.stringify(value) === '{}'),
  );
  return Object.fromEntries(kept.map(([name, value]) => [name, within(value)]));
}
