import { Command, CommanderError } from 'commander';
import { exitCodes } from '../model/verdict.ts';
import { readOwnFile } from '../sys/files/system.ts';
import { ownPackageFile } from '../sys/paths.ts';
import { print, printError } from '../sys/terminal.ts';
import { clusterCommand } from './cluster.ts';
import { describeCommand } from './describe.ts';
import { doctorCommand } from './doctor.ts';
import { exitCodeOf, explain } from './failure.ts';
import { healCommand } from './heal.ts';
import { initCommand } from './init.ts';
import { injectCommand } from './inject.ts';
import { judgeCommand } from './judge.ts';
import { labCommand } from './lab.ts';
import { listCommand } from './list.ts';
import { planCommand } from './plan.ts';
import { reportCommand } from './report.ts';
import { requestsCommand } from './requests.ts';
import { runCommand } from './run.ts';
import { runsCommand } from './runs.ts';
import { testCommand } from './test.ts';
import { watchdogCommand } from './watchdog.ts';

const { version } = JSON.parse(readOwnFile(ownPackageFile())) as { version: string };

const program = new Command('holdfast')
  .description(
    'Proves, on a real Kubernetes cluster and under real traffic, that a workload survives what operations do to it.',
  )
  .version(version)
  .configureHelp({ showGlobalOptions: true })
  .showHelpAfterError('Try ./holdfast --help')
  .addHelpText(
    'after',
    `
Exit codes: 0 pass · 1 fail · 2 usage · 3 inconclusive · 4 harness or lab broke · 130 interrupted

  ./holdfast run rolling-update          a first verdict, on a cluster that it makes
  ./holdfast plan rolling-update         what that would do
  ./holdfast requests --failed latest    every failed request, with its cause`,
  );

for (const command of [
  runCommand(),
  planCommand(),
  initCommand(),
  listCommand(),
  describeCommand(),
  judgeCommand(),
  reportCommand(),
  requestsCommand(),
  runsCommand(),
  injectCommand(),
  healCommand(),
  clusterCommand(),
  labCommand(),
  doctorCommand(),
  testCommand(),
]) {
  program.addCommand(command);
}
program.addCommand(watchdogCommand(), { hidden: true });

/**
 * Commander exits on its own otherwise, and with 1 for a mistyped flag: here 1 says that a guarantee was broken. What it
 * prints may hold arguments, so it is cleaned as all that we print is.
 */
const configure = (command: Command): void => {
  command.exitOverride();
  command.configureOutput({ writeOut: print, writeErr: printError });
  command.commands.forEach(configure);
};
configure(program);

// Whoever reads us may have seen enough, such as head: that is no error of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? exitCodes.pass : exitCodes.usage;
  } else {
    printError(`${explain(error)}\n`);
    process.exitCode = exitCodeOf(error);
  }
}
