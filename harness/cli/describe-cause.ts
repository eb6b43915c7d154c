import { hanging } from '../../reports/terminal/layout.ts';
import { type Cause, causeOrder, causes } from '../model/cause.ts';
import { UsageError } from '../model/usage-error.ts';
import { catalogue } from '../record/fault/catalogue.ts';

const width = 100;

const isCause = (name: string): name is Cause => Object.hasOwn(causes, name);

/** What a cause means, what to change, and which faults can cause it. Throws `UsageError` for an unknown name. */
export function describedCause(name: string) {
  if (!isCause(name)) throw new UsageError(`unknown cause ${name}. Causes: ${causeOrder.join(', ')}`);
  const { name: title, meaning, cure } = causes[name];
  const faults = [...catalogue.values()].filter((fault) => fault.causes.includes(name)).map((fault) => fault.name);
  return { name, title, meaning, cure, faults };
}

/** The same as text. */
export function causeText(named: string): string {
  const { name, title, meaning, cure, faults } = describedCause(named);
  return [
    ...hanging(`${name}  `, `${title}: ${meaning}`, width),
    '',
    ...hanging('  what to do  ', cure, width),
    ...hanging('  caused by   ', faults.join(', ') || 'no fault', width),
    '',
  ].join('\n');
}
