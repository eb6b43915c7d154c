import { Command } from 'commander';
import { runsOption } from './options.ts';

export function judgeCommand(): Command {
  return new Command('judge')
    .description('judge recorded runs again, under today’s rules, and say what changed; needs no cluster')
    .argument('[run...]', 'runs by their id or folder, or latest', ['latest'])
    .option('--json', 'print the JSON report on stdout, and nothing else; of one run')
    .addOption(runsOption())
    .action(async (named: string[], choices: { json?: boolean; runs?: string }) => {
      const [{ judgeAgain }, { interruptSignal }] = await Promise.all([
        import('./judge-again.ts'),
        import('./interrupt.ts'),
      ]);
      process.exitCode = await judgeAgain(named, { ...choices, signal: interruptSignal('stopping') });
    });
}
