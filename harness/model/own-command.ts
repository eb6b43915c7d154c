/** Whether this is an installed package, whose files are compiled, and not a checkout. */
export const isPackage: boolean = import.meta.url.endsWith('.js');

/** How a user starts holdfast: `npx holdfast` if it is an installed package, `./holdfast` in a checkout. */
export const commandWords = (installed: boolean): readonly string[] =>
  installed ? ['npx', 'holdfast'] : ['./holdfast'];

/** How a user starts this holdfast, word by word. */
export const ownCommandWords: readonly string[] = commandWords(isPackage);

/** The same on one line. Every message that names a command begins it with this. */
export const ownCommand: string = ownCommandWords.join(' ');
