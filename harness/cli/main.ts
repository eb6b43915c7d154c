import { CommanderError } from 'commander';
import { exitCodes } from '../model/verdict.ts';
import { printFailure } from './common/failure.ts';
import { holdfastProgram } from './program.ts';

// The reader of our output may close it early, such as `head`. That is not an error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

let json = false;
const program = holdfastProgram().hook('preAction', (_program, command) => {
  json = command.opts().json === true;
});

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? exitCodes.pass : exitCodes.usage;
  } else {
    process.exitCode = printFailure(error, { json });
  }
}
