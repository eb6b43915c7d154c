import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline/promises';
import { debuglog, inspect } from 'node:util';
import { printableText } from '../model/printable.ts';

export type Style = 'bold' | 'dim' | 'green' | 'red' | 'yellow' | 'cyan';

/**
 * Our own colours and cursor moves are marks in the text. They become escape sequences only when the text is written. A
 * mark contains a random number of this process, so text from outside cannot contain one.
 */
const nonce = randomUUID();
const marks = new RegExp(`<${nonce}:([\\w-]+)>`, 'g');
const mark = (order: string): string => `<${nonce}:${order}>`;
const rewriting = 'rewrite';

const sequenceOf = (order: string): string => {
  if (order === rewriting) return '\r\u001b[K';
  const [style = '', end] = order.split('-');
  const [on, off] = inspect.colors[style] ?? [0, 0];
  return `\u001b[${end === undefined ? on : off}m`;
};

/** Text in one of our own colours. */
export const styled = (style: Style, text: string): string => `${mark(style)}${text}${mark(`${style}-end`)}`;

/** Moves to the start of the line, and clears it. */
export const rewriteLine = mark(rewriting);

/** The text without our own colours: it is as wide as on a terminal. */
export const unstyled = (text: string): string => text.replace(marks, '');

/** The text as it is written: all control characters are made visible, except newlines, tabs and our own marks. */
const shown = (text: string): string =>
  text
    .split(marks)
    .map((part, index) => (index % 2 === 0 ? printableText(part) : sequenceOf(part)))
    .join('');

/** A stream that a user reads. All output goes through one of these. */
export interface Output {
  print(text: string): void;
  readonly isTTY: boolean;
  /** The width in characters; undefined if it is not a terminal. */
  readonly columns: number | undefined;
}

export const outputOn = (stream: Pick<NodeJS.WriteStream, 'write' | 'isTTY' | 'columns'>): Output => ({
  print(text) {
    stream.write(shown(text));
  },
  get isTTY() {
    return stream.isTTY === true;
  },
  get columns() {
    return stream.columns;
  },
});

export const standardOutput = outputOn(process.stdout);
export const standardError = outputOn(process.stderr);

/** Prints the result of a command on stdout. */
export const print = (text: string): void => standardOutput.print(text);

/** Prints errors and progress on stderr. */
export const printError = (text: string): void => standardError.print(text);

/** NO_COLOR, TERM=dumb and a stream that is no terminal switch colour off: https://no-color.org */
export const wantsColor = ({ isTTY }: Pick<Output, 'isTTY'>, env: NodeJS.ProcessEnv = process.env): boolean =>
  isTTY && !env.NO_COLOR && env.TERM !== 'dumb';

/** Whether a user can answer a question. */
export const canAsk = (): boolean => process.stdin.isTTY === true && standardError.isTTY;

/**
 * Asks on stderr. Resolves to the typed line without surrounding spaces; undefined if stdin ends. Rejects when the
 * signal aborts.
 */
export async function ask(question: string, signal: AbortSignal | undefined): Promise<string | undefined> {
  const typed = createInterface({ input: process.stdin, terminal: false });
  const closed = new Promise<undefined>((resolve) => typed.once('close', () => resolve(undefined)));
  try {
    printError(`${question} `);
    return (await Promise.race([typed.question('', signal ? { signal } : {}), closed]))?.trim();
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    typed.close();
  }
}

const log = debuglog('holdfast');

/** Prints a line if NODE_DEBUG=holdfast is set. */
export function debug(line: () => string): void {
  if (log.enabled) log('%s', printableText(line()));
}
