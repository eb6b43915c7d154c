import { printableText } from '../../harness/model/printable.ts';

/**
 * Escapes text for XML 1.0. Characters that an XML document must not contain are made visible or (noncharacters)
 * removed, and so are characters that change the direction of text. Source: https://www.w3.org/TR/xml/#charsets
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
  // Without escaping, a parser turns these into spaces within an attribute.
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

/** An element that contains only text. */
export function textElement(name: string, attributes: Attributes, text: string): string {
  const open = [name, ...Object.entries(attributes).map(([key, value]) => `${key}="${escaped(String(value))}"`)].join(
    ' ',
  );
  return `<${open}>${escaped(text)}</${name}>`;
}
