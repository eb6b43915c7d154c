const longest = 40;

/** The name of a schema as a file states it, for a message. It may be any text, so it is quoted and cut off. */
export const schemaInWords = (named: string): string =>
  JSON.stringify(named.length > longest ? `${named.slice(0, longest)}…` : named);
