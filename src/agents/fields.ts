/** Fields of a payload, as far as they are what they should be. Pure; hot path. */

import { asObject } from '../core/text/json.ts';

export type Payload = Record<string, unknown>;

/** The text of a field; null where it is none or empty. */
export function textOf(payload: Payload, ...names: string[]): string | null {
  for (const name of names) {
    const value = payload[name];
    if (typeof value === 'string' && value !== '') return value;
  }
  return null;
}

/** The object in a field; an empty one where it is none. */
export function objectOf(payload: Payload, ...names: string[]): Payload {
  for (const name of names) {
    const value = asObject(payload[name]);
    if (value) return value;
  }
  return {};
}

/** A count or duration: a whole number that is not negative, else undefined. */
export function numberOf(payload: Payload, name: string): number | undefined {
  const value = payload[name];
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? Math.round(value) : undefined;
}

/** The object without members that are undefined. */
export function known<T extends object>(fields: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}
