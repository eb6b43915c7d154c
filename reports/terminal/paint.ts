import { styleText } from 'node:util';
import type { Mark } from '../words/outcome.ts';

export type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow' | 'cyan';
export type Paint = (style: Style, text: string) => string;

/** Colours text, or leaves it alone. */
export const painter = (color: boolean): Paint =>
  color ? (style, text) => styleText(style, text, { validateStream: false }) : (_, text) => text;

/** NO_COLOR and a stream that is no terminal switch colour off: https://no-color.org */
export const wantsColor = (stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean =>
  stream.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb';

export const glyphs: Record<Mark, string> = { pass: '✔', lost: '◌', inconclusive: '◆', fail: '✘', error: '✘' };

export const colors: Record<Mark, Style> = {
  pass: 'green',
  lost: 'cyan',
  inconclusive: 'yellow',
  fail: 'red',
  error: 'red',
};
