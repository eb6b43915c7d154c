import { Command } from 'commander';
import { print } from '../../sys/terminal.ts';
import { assertKnown, type ContextChoices, clusterOption, contextOptions, jsonOption } from '../common/options.ts';
import { printJson } from '../common/print-json.ts';

export function healCommand(): Command {
  const command = new Command('heal')
    .description('Undo the changes of a run that crashed, from its journal, and verify the cluster.')
    .addOption(jsonOption())
    .addOption(clusterOption());
  for (const option of contextOptions()) command.addOption(option);
  return command.action(async (choices: ContextChoices & { readonly cluster: string; readonly json?: boolean }) => {
    assertKnown(choices);
    const [{ healableOf }, { changesInWords }, { interruptSignal }, { terminalProgress }, { withLock }] =
      await Promise.all([
        import('./healable-of.ts'),
        import('./healable.ts'),
        import('../common/interrupt.ts'),
        import('../common/progress.ts'),
        import('../../sys/lock.ts'),
      ]);
    const { name, lock, heal } = healableOf(choices);
    const signal = interruptSignal();
    const progress = await terminalProgress();
    const undone = await withLock(lock, 'holdfast heal', () => heal({ progress, signal }));
    if (choices.json) {
      const { cluster, context } = choices;
      printJson('holdfast.heal/1', { ...(context === undefined ? { cluster } : { context }), undone });
      return;
    }
    const words = undone > 0 ? `undid ${changesInWords(undone)}` : 'had nothing to undo';
    const now = choices.context === undefined ? ' and is clean' : '';
    print(`${name[0]?.toUpperCase()}${name.slice(1)} ${words}${now}.\n`);
  });
}
