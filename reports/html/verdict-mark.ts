import type { Mark, Outcome } from '../words/outcome.ts';
import { Markup, markup } from './markup/markup.ts';

const glyphs: Record<Mark, Markup> = {
  pass: new Markup('<path d="M2 7.5L5.5 11L12 3.5" class="mark-line"/>'),
  lost: new Markup(
    '<circle cx="7" cy="7" r="5.6" class="mark-ring"/><path d="M4.4 7.2L6.3 9.1L9.7 5" class="mark-line thin"/>',
  ),
  inconclusive: new Markup('<path d="M7 1L13 7L7 13L1 7Z" class="mark-fill"/>'),
  fail: new Markup(
    '<circle cx="7" cy="7" r="6.5" class="mark-fill"/><path d="M4.5 4.5L9.5 9.5M9.5 4.5L4.5 9.5" class="mark-cut"/>',
  ),
  error: new Markup('<path d="M1 1H13V13H1Z" class="mark-fill"/><path d="M7 3.5V8M7 9.6V11.2" class="mark-cut"/>'),
};

export const verdictIcon = (mark: Mark): Markup =>
  markup`<svg class="icon ${mark}" width="14" height="14" viewBox="0 0 14 14" aria-hidden="true">${glyphs[mark]}</svg>`;

/** Glyph and word, always together. */
export const verdictTag = ({ mark, word }: Outcome): Markup =>
  markup`<span class="verdict ${mark}">${verdictIcon(mark)}${word}</span>`;
