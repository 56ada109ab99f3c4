/** Cobertura's XML, as coverage.py, gcovr, JaCoCo's converters and others write it. Pure. */

import type { Lines } from './coverage.ts';
import { elementsOf, wholeNumber, type XmlElement } from './xml.ts';

/** The lines that are listed, each once a file; where none are, the sums that the file states. Null where it is no such report. */
export function readCobertura(root: XmlElement): Lines | null {
  if (root.name !== 'coverage') return null;
  const files = new Map<string, Map<number, boolean>>();
  for (const one of elementsOf(root, 'class')) {
    const file = one.attributes.filename ?? '';
    const hit = files.get(file) ?? new Map<number, boolean>();
    files.set(file, hit);
    // Methods list their lines a second time.
    for (const list of one.children) {
      if (list.name !== 'lines') continue;
      for (const line of elementsOf(list, 'line')) {
        const [number, hits] = [wholeNumber(line, 'number'), wholeNumber(line, 'hits')];
        if (number === null || hits === null) return null;
        hit.set(number, (hit.get(number) ?? false) || hits > 0);
      }
    }
  }
  const all = [...files.values()].flatMap((hit) => [...hit.values()]);
  if (all.length > 0) return { covered: all.filter(Boolean).length, total: all.length };
  const [covered, total] = [wholeNumber(root, 'lines-covered'), wholeNumber(root, 'lines-valid')];
  return covered !== null && total !== null && covered <= total ? { covered, total } : null;
}
