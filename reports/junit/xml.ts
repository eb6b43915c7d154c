import { printableText } from '../../harness/model/printable.ts';

/**
 * Text for XML 1.0: markup is escaped, and what no XML document may hold is made visible or (noncharacters) removed, as
 * is what would turn the direction of the text around it. Source: https://www.w3.org/TR/xml/#charsets
 */
const escaped = (text: string): string =>
  printableText(text)
    .replace(/\p{Noncharacter_Code_Point}/gu, '')
    .replace(/[&<>"\n\t]/g, (character) => replacements[character] ?? character);

const replacements: { readonly [character: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // Written as they are, a parser turns these into spaces within an attribute.
  '\n': '&#10;',
  '\t': '&#9;',
};

type Attributes = { readonly [name: string]: string | number };

/** An element whose children are finished XML, each indented by two more spaces. */
export function element(name: string, attributes: Attributes, children: readonly string[] = []): string {
  const open = [name, ...Object.entries(attributes).map(([key, value]) => `${key}="${escaped(String(value))}"`)].join(
    ' ',
  );
  if (children.length === 0) return `<${open}/>`;
  const inner = children.map((child) => `  ${child.replaceAll('\n', '\n  ')}`).join('\n');
  return `<${open}>\n${inner}\n</${name}>`;
}

/** An element that holds text alone. */
export function textElement(name: string, attributes: Attributes, text: string): string {
  const open = [name, ...Object.entries(attributes).map(([key, value]) => `${key}="${escaped(String(value))}"`)].join(
    ' ',
  );
  return `<${open}>${escaped(text)}</${name}>`;
}
