/** HTML or SVG that is finished: it is written as it is. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Part = Markup | string | number | undefined | readonly Part[];

/** Builds markup: what stands in the template is trusted, every value in it is escaped unless it is markup itself. */
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
  text
    .toWellFormed()
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');

/** Data for a script, in a block that no text in it can close. */
export const dataBlock = (name: string, data: unknown): Markup =>
  new Markup(
    `<script type="application/json" class="${escaped(name)}">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script>`,
  );
