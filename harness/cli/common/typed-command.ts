import { ownCommandWords } from '../../model/own-command.ts';

/** The command line as the user typed it. */
export const typedCommand = (): string[] => [...ownCommandWords, ...process.argv.slice(2)];
