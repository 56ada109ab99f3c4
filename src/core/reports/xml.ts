/** XML as the readers of reports get it: elements alone, text left out. */

export interface XmlElement {
  /** Without its namespace. */
  name: string;
  attributes: Readonly<Record<string, string>>;
  children: readonly XmlElement[];
}

/** Every element below `element` (itself too) of that name, in document order; what lies below a match is not looked at. */
export function elementsOf(element: XmlElement, name: string): XmlElement[] {
  return element.name === name ? [element] : element.children.flatMap((child) => elementsOf(child, name));
}

/** An attribute that is a whole number of 0 or more. */
export function wholeNumber(element: XmlElement, name: string): number | null {
  const text = element.attributes[name]?.trim() ?? '';
  const n = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(n) ? n : null;
}
