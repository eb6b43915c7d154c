import { hanging } from '../../reports/terminal/layout.ts';
import { type Cause, causeOrder, causes } from '../model/cause.ts';
import { UsageError } from '../model/usage-error.ts';
import { catalogue } from '../record/fault/catalogue.ts';

const width = 100;

const isCause = (name: string): name is Cause => Object.hasOwn(causes, name);

/** A cause’s meaning, its remedy, and the faults that can cause it. Throws `UsageError` for an unknown name. */
export function causeText(name: string): string {
  if (!isCause(name)) throw new UsageError(`unknown cause ${name}. Causes: ${causeOrder.join(', ')}`);
  const { name: words, meaning, cure } = causes[name];
  const faults = [...catalogue.values()].filter((fault) => fault.causes.includes(name)).map((fault) => fault.name);
  return [
    ...hanging(`${name}  `, `${words}: ${meaning}`, width),
    '',
    ...hanging('  what to do  ', cure, width),
    ...hanging('  caused by   ', faults.join(', ') || 'no fault', width),
    '',
  ].join('\n');
}
