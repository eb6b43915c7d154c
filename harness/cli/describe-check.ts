import { hanging } from '../../reports/terminal/layout.ts';
import { type CheckWords, checks, isCheckId } from '../model/checks.ts';
import { UsageError } from '../model/usage-error.ts';

const width = 100;

/** What a check asks, and what to do if it is inconclusive. Throws `UsageError` for an unknown id. */
export function checkText(name: string): string {
  if (!isCheckId(name)) throw new UsageError(`unknown check ${name}. Checks: ${Object.keys(checks).join(', ')}`);
  const { title, asks, ifInconclusive, of, formerly }: CheckWords = checks[name];
  const label = (words: string) => `  ${words.padEnd(17)}`;
  return [
    ...hanging(`${name}  `, title, width),
    '',
    ...hanging(label('asks'), asks, width),
    ...(of ? hanging(label('asked of'), `each ${of}; its name follows the id`, width) : []),
    ...hanging(label('if inconclusive'), ifInconclusive, width),
    ...(formerly ? hanging(label('formerly'), formerly.join(', '), width) : []),
    '',
  ].join('\n');
}
