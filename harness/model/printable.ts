/** Controls that move a cursor, colour or hide text, or turn its direction (Unicode Bidi_Control); tab and newline are none. */
const unprintable = /[^\P{Cc}\t\n]|\p{Bidi_Control}|[\u200b\u2028\u2029\ufeff]|\p{Cs}/gu;

/** Untrusted text of several lines, as it may be shown: each control character is made visible as U+FFFD. Linear in time. */
export const printableText = (text: string): string => text.replace(unprintable, '\ufffd');

/** The longest line that is shown, in characters: a title or a sentence is shorter, and more of an attack helps no reader. */
const longestLine = 2000;

/** Untrusted text on one line. Of a very long text only the start is shown. */
export function printable(text: string): string {
  const whole = text.trim();
  const line = printableText(whole.slice(0, longestLine).replace(/\s+/g, ' ')).trim();
  return whole.length > longestLine ? `${line}…` : line;
}

/** JSON that may be shown: control characters are escaped, so that it is the same value when it is parsed. */
export const printableJson = (value: unknown, indent?: number): string =>
  JSON.stringify(value, null, indent).replace(
    /[\u007f-\u009f]|\p{Bidi_Control}|[\u200b\u2028\u2029\ufeff]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
