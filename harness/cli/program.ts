import { Command, Help, type Option } from 'commander';
import { ownCommand } from '../model/own-command.ts';
import { readOwnFile } from '../sys/files/system.ts';
import { ownPackageFile } from '../sys/paths.ts';
import { print, printError } from '../sys/terminal.ts';
import { clusterCommand } from './cluster.ts';
import { describeCommand } from './describe.ts';
import { doctorCommand } from './doctor.ts';
import { healCommand } from './heal/command.ts';
import { watchdogCommand } from './heal/watchdog.ts';
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
import { testCommand } from './test/command.ts';

const { version } = JSON.parse(readOwnFile(ownPackageFile())) as { version: string };

const maxColumns = 100;

const groups: { readonly [heading: string]: readonly (() => Command)[] } = {
  'Experiments:': [runCommand, planCommand, initCommand, listCommand, describeCommand],
  'Recorded runs:': [judgeCommand, reportCommand, requestsCommand, runsCommand],
  'Faults:': [injectCommand, healCommand],
  'Lab:': [clusterCommand, labCommand, doctorCommand],
  'Development of holdfast:': [testCommand],
};

/** The command line of holdfast, with every command. Parsing throws `CommanderError` instead of exiting. */
export function holdfastProgram(): Command {
  const program = new Command('holdfast')
    .description(
      'Tests on a real Kubernetes cluster whether a workload keeps serving requests during rollouts, drains and node failures.',
    )
    .version(version, '-V, --version', 'Print the version.')
    .addHelpText(
      'after',
      `
Exit codes:
  0 pass · 1 fail · 2 usage error · 3 inconclusive · 4 harness or lab error · 130 interrupted

Examples:
  ${ownCommand} run rolling-update          Run one experiment. The first run creates the lab cluster.
  ${ownCommand} plan rolling-update         Print what that run would do.
  ${ownCommand} requests --failed latest    Print the failed requests of the latest run.`,
    );
  for (const [heading, commands] of Object.entries(groups)) {
    program.commandsGroup(heading);
    for (const command of commands) program.addCommand(command());
  }
  program.commandsGroup('Help:');
  program.addCommand(watchdogCommand(), { hidden: true });
  configure(program, ownCommand);
  return program;
}

/**
 * Applies the same settings to a command and all its subcommands. Commander would exit with 1 for a mistyped flag, but 1
 * means that a guarantee is broken. Output goes through our terminal module because arguments may hold control characters.
 */
function configure(command: Command, typed: string): void {
  command.exitOverride();
  command.showHelpAfterError(`See ${typed} --help`);
  command.configureOutput({ writeOut: print, writeErr: printError });
  command.configureHelp({ helpWidth: Math.min(process.stdout.columns || maxColumns, maxColumns), optionDescription });
  command.helpOption('-h, --help', 'Print this help.');
  if (command.commands.length > 0) command.helpCommand('help [command]', 'Print the help of a command.');
  for (const each of command.commands) configure(each, `${typed} ${each.name()}`);
}

/** As commander writes it, without `(default: [])` for an option that may be repeated. */
function optionDescription(option: Option): string {
  const isEmpty = Array.isArray(option.defaultValue) && option.defaultValue.length === 0;
  return isEmpty ? option.description : Help.prototype.optionDescription.call(new Help(), option);
}
