import { Argument, Command } from 'commander';
import { jsonReportOption, runsOption } from './common/options.ts';

export function judgeCommand(): Command {
  return new Command('judge')
    .description('Judge recorded runs again with the rules of this version, and print what changed. Needs no cluster.')
    .addArgument(new Argument('[run...]', 'Ids or folders of runs, or latest.').default(['latest'], 'latest'))
    .addOption(jsonReportOption(' With more than one run: their verdicts.'))
    .addOption(runsOption())
    .action(async (named: string[], choices: { json?: boolean; runs?: string }) => {
      const [{ judgeAgain }, { interruptSignal }] = await Promise.all([
        import('./judge-again.ts'),
        import('./common/interrupt.ts'),
      ]);
      process.exitCode = await judgeAgain(named, { ...choices, signal: interruptSignal('stopping') });
    });
}
