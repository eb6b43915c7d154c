/**
 * Text for XML 1.0: markup is escaped, and what no XML document may hold (control characters, lone surrogates, U+FFFE
 * and U+FFFF) is removed. Source: https://www.w3.org/TR/xml/#charsets
 */
function escaped(text: string): string {
  let clean = '';
  for (const character of text)
    if (isAllowed(character.codePointAt(0) ?? 0)) clean += replacements[character] ?? character;
  return clean;
}

const replacements: { readonly [character: string]: string } = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  // Written as they are, a parser turns these into spaces within an attribute.
  '\n': '&#10;',
  '\t': '&#9;',
  '\r': '&#13;',
};

function isAllowed(code: number): boolean {
  if (code < 0x20) return code === 0x9 || code === 0xa || code === 0xd;
  if (code >= 0x7f && code <= 0x9f) return false;
  return !(code >= 0xd800 && code <= 0xdfff) && (code & 0xfffe) !== 0xfffe;
}

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
