import { CommanderError } from 'commander';
import { exitCodes } from '../model/verdict.ts';
import { printError } from '../sys/terminal.ts';
import { exitCodeOf, explain } from './common/failure.ts';
import { holdfastProgram } from './program.ts';

// The reader of our output may close it early, such as `head`. That is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

try {
  await holdfastProgram().parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? exitCodes.pass : exitCodes.usage;
  } else {
    printError(`${explain(error)}\n`);
    process.exitCode = exitCodeOf(error);
  }
}
