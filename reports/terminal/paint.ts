import { type Style, styled } from '../../harness/sys/terminal.ts';
import type { Mark } from '../words/outcome.ts';

export type Paint = (style: Style, text: string) => string;

/** Returns a function that colours text, or leaves it unchanged. */
export const painter = (color: boolean): Paint => (color ? styled : (_, text) => text);

export const glyphs: Record<Mark, string> = { pass: '✔', lost: '◌', inconclusive: '◆', fail: '✘', error: '✘' };

export const colors: Record<Mark, Style> = {
  pass: 'green',
  lost: 'cyan',
  inconclusive: 'yellow',
  fail: 'red',
  error: 'red',
};
