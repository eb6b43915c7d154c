/** An argument, quoted for a shell. Every command that a user is told to run passes names and paths through this. */
export const quoted = (argument: string): string =>
  /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", "'\\''")}'`;
