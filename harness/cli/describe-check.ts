import { hanging } from '../../reports/terminal/layout.ts';
import { type CheckWords, checks, isCheckId } from '../model/checks.ts';
import { UsageError } from '../model/usage-error.ts';

const width = 100;

/** What a check asks, and what to do if it is inconclusive. Throws `UsageError` for an unknown id. */
export function describedCheck(id: string): { readonly id: string } & CheckWords {
  if (!isCheckId(id)) throw new UsageError(`unknown check ${id}. Checks: ${Object.keys(checks).join(', ')}`);
  return { id, ...checks[id] };
}

/** The same as text. */
export function checkText(named: string): string {
  const { id, title, asks, ifInconclusive, of, formerly } = describedCheck(named);
  const label = (words: string) => `  ${words.padEnd(17)}`;
  return [
    ...hanging(`${id}  `, title, width),
    '',
    ...hanging(label('asks'), asks, width),
    ...(of ? hanging(label('asked of'), `each ${of}; its name follows the id`, width) : []),
    ...hanging(label('if inconclusive'), ifInconclusive, width),
    ...(formerly ? hanging(label('formerly'), formerly.join(', '), width) : []),
    '',
  ].join('\n');
}
