/** Controls that move a cursor, colour or hide text, or turn its direction (Unicode Bidi_Control); tab and newline are none. */
const unprintable = /[^\P{Cc}\t\n]|\p{Bidi_Control}|[\u200b\u2028\u2029\ufeff]|\p{Cs}/gu;

/** Untrusted text of several lines, as it may be shown: each control character is made visible as U+FFFD. Linear in time. */
export const printableText = (text: string): string => text.replace(unprintable, '\ufffd');

/** Untrusted text on one line. */
export const printable = (text: string): string => printableText(text.replace(/\s+/g, ' ')).trim();
