/** Changing values in `.sessionrc.yaml` with its comments kept. Loads yaml: import it lazily. */

import { type Document, isScalar, isSeq, parseDocument, type YAMLMap } from 'yaml';
import type { CheckPolicy } from '../core/policy/policy.ts';

export interface CheckEdit extends Pick<CheckPolicy, 'name' | 'run'> {
  required?: boolean;
  /** A comment above the check: what came of trying it. */
  comment?: string;
}

export interface PolicyEdits {
  land?: string;
  presence?: string;
  setup?: { run: string; inputs: string[] };
  /** Put into the list; one of the same name gets the new command. */
  checks?: CheckEdit[];
}

/** The text with the values set. It must be a valid policy. */
export function editPolicyText(text: string, edits: PolicyEdits): string {
  const doc = parseDocument(text);
  let changed = false;
  const set = (path: string[], value: unknown) => {
    if (JSON.stringify(doc.getIn(path)) === JSON.stringify(value)) return;
    doc.setIn(path, value);
    changed = true;
  };
  if (edits.land !== undefined) set(isScalar(doc.get('land', true)) ? ['land'] : ['land', 'by'], edits.land);
  if (edits.presence !== undefined) set(['presence'], edits.presence);
  if (edits.setup) {
    set(['checks', 'setup'], edits.setup.run);
    set(['checks', 'setup_inputs'], edits.setup.inputs);
  }
  for (const check of edits.checks ?? []) changed = putCheck(doc, check) || changed;
  // What is not changed keeps every byte.
  return changed ? doc.toString({ lineWidth: 0 }) : text;
}

function putCheck(doc: Document, { name, run, required, comment }: CheckEdit): boolean {
  const short = isSeq(doc.get('checks', true));
  const path = short ? ['checks'] : ['checks', 'list'];
  const list = doc.getIn(path, true);
  const items = isSeq(list) ? list.items : [];
  const at = items.findIndex((item) => (item as YAMLMap).get?.('name') === name);
  if (at >= 0) {
    if ((items[at] as YAMLMap).get('run') === run) return false;
    doc.setIn([...path, at, 'run'], run);
    return true;
  }
  const node = doc.createNode({ name, run, ...(required === undefined ? {} : { required }) });
  if (comment) node.commentBefore = comment.replace(/^/gm, ' ');
  // An empty flow list would take the new entry between its brackets.
  if (isSeq(list) && items.length > 0) list.add(node);
  else doc.setIn(path, doc.createNode([]));
  const made = doc.getIn(path, true);
  if (isSeq(made) && !made.items.includes(node)) made.add(node);
  return true;
}
