/** HTML by construction: what is put into a template is text, and only what a template made is markup. Pure. */

import { timeText, visible } from '../text/text.ts';

/** Markup that a template made. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = Html | string | number | null | readonly (Html | string | null)[];

/** A template; text in it is escaped for elements and quoted attributes alike, control and reordering characters made visible. Null is nothing. */
export function html(parts: TemplateStringsArray, ...values: readonly Part[]): Html {
  return new Html(parts.reduce((made, part, i) => made + part + (i < values.length ? markup(values[i] ?? null) : ''), ''));
}

function markup(value: Part): string {
  if (value === null) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'string' || typeof value === 'number') return escaped(String(value));
  return value.map((one) => markup(one)).join('');
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escaped(text: string): string {
  return visible(text, '\n\t').replace(/[&<>"']/g, (c) => ENTITIES[c] ?? '');
}

/** A moment as people read it, and as programs do. */
export function moment(iso: string): Html {
  return html`<time datetime="${iso}">${timeText(iso)}</time>`;
}

/** What nobody recorded, told apart from figures. */
export const NOT_RECORDED = html`<span class="unknown">not recorded</span>`;

/** A figure, or that it is not recorded. */
export function figure(value: string | number | null): Html {
  return value === null ? NOT_RECORDED : html`${value}`;
}
