/**
 * Characters that move the cursor, colour or hide text, or change its direction (Unicode Bidi_Control). Tab and newline
 * are allowed.
 */
const unprintable = /[^\P{Cc}\t\n]|\p{Bidi_Control}|[\u200b\u2028\u2029\ufeff]|\p{Cs}/gu;

/** Untrusted text of several lines for display. Each control character is replaced with U+FFFD. Takes linear time. */
export const printableText = (text: string): string => text.replace(unprintable, '\ufffd');

/** The maximum length of a line, in characters. Titles and sentences are shorter. */
const longestLine = 2000;

/** Untrusted text on one line for display. A very long text is cut off. */
export function printable(text: string): string {
  const whole = text.trim();
  const line = printableText(whole.slice(0, longestLine).replace(/\s+/g, ' ')).trim();
  return whole.length > longestLine ? `${line}…` : line;
}

/** JSON for display. Control characters are escaped, so that it has the same value when it is parsed. */
export const printableJson = (value: unknown, indent?: number): string =>
  JSON.stringify(value, null, indent).replace(
    /[\u007f-\u009f]|\p{Bidi_Control}|[\u200b\u2028\u2029\ufeff]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
