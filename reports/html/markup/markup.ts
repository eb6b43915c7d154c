import { printableText } from '../../../harness/model/printable.ts';

/** Finished HTML or SVG. It is written unchanged. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Part = Markup | string | number | undefined | readonly Part[];

/**
 * Builds markup. The template’s own text is trusted. Every value is escaped and its control characters are made
 * visible, unless it is markup itself.
 */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(strings.map((text, index) => text + written(parts[index])).join(''));
}

export const nothing = new Markup('');

function written(part: Part): string {
  if (part === undefined) return '';
  if (part instanceof Markup) return part.text;
  if (typeof part === 'number') return String(Math.round(part * 100) / 100);
  if (typeof part === 'string') return escaped(part);
  return part.map(written).join('');
}

const escaped = (text: string): string =>
  printableText(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');

/** A name or free text beside other text, isolated so that the direction of its letters changes nothing around it. */
export const isolated = (text: Part): Markup => markup`<bdi>${text}</bdi>`;

/** The same within SVG text, which has no `<bdi>`. */
export const isolatedInSvg = (text: Part): Markup => markup`<tspan unicode-bidi="isolate">${text}</tspan>`;

/** Parts with a separator between them. */
export const joined = (parts: readonly Part[], separator: string): Part =>
  parts.flatMap((part, index) => (index === 0 ? [part] : [separator, part]));

/**
 * Data for a script, in a block that no text in it can close. Its strings are shown to users, so they are made
 * printable.
 */
export function dataBlock(name: string, data: unknown): Markup {
  const json = JSON.stringify(data, (_, value: unknown) => (typeof value === 'string' ? printableText(value) : value));
  return new Markup(
    `<script type="application/json" class="${escaped(name)}">${json.replaceAll('<', '\\u003c')}</script>`,
  );
}
