/** Reading XML that a check wrote: hostile until shown otherwise. The parser is loaded when the first report is there. */

import type { XmlElement } from '../../core/reports/xml.ts';

/** Characters; a parsed report takes about ten times as much memory. */
const MAX_XML = 16 << 20;

/**
 * The root element, or null where the text is not well-formed, has another number of roots than one, is nested more than 100 deep, or
 * declares an external entity. Entities are not expanded.
 */
export async function parseXml(text: string): Promise<XmlElement | null> {
  if (text.length > MAX_XML) return null;
  const { XMLParser, XMLValidator } = await import('fast-xml-parser');
  try {
    if (XMLValidator.validate(text) !== true) return null;
    const parser = new XMLParser({
      preserveOrder: true,
      ignoreAttributes: false,
      attributeNamePrefix: '',
      removeNSPrefix: true,
      ignorePiTags: true,
      ignoreDeclaration: true,
      parseTagValue: false,
      processEntities: false,
      maxNestedTags: 100,
    });
    const roots = elements(parser.parse(text) as Node[]);
    return roots.length === 1 ? (roots[0] ?? null) : null;
  } catch {
    // What the parser refuses is no report.
    return null;
  }
}

/** A node as the parser gives it: its children under its name, its attributes under ":@". */
type Node = Record<string, Node[] | Record<string, string> | string>;

function elements(nodes: readonly Node[]): XmlElement[] {
  return nodes.flatMap((node) => {
    const name = Object.keys(node).find((key) => key !== ':@' && key !== '#text');
    if (name === undefined) return [];
    return [{ name, attributes: (node[':@'] ?? {}) as Record<string, string>, children: elements(node[name] as Node[]) }];
  });
}
