import { hanging } from '../../reports/terminal/layout.ts';
import type { FaultSpec } from '../model/experiment.ts';
import { ownCommand } from '../model/own-command.ts';
import type { DescribeFault } from '../plan/text.ts';
import { faultNamed } from '../record/fault/catalogue.ts';
import type { Fault } from '../record/fault/fault.ts';
import { type Parameter, parametersOf } from './parameters-in-words.ts';

/** The texts of the catalogue about a fault. */
export const describeFault: DescribeFault = ({ name }) => {
  const { does, standsFor, undone } = faultNamed(name);
  return { does, standsFor, undone };
};

const width = 100;

const where = { namespace: 'objects in the namespace of the workload', nodes: 'nodes of a lab cluster' } as const;

type DescribedFault = Pick<Fault, 'name' | 'does' | 'touches' | 'standsFor' | 'undone' | 'causes' | 'example'> &
  Partial<Pick<Fault, 'endsByItselfMs'>> & { readonly parameters: readonly Parameter[] };

/** Everything about a fault that the author of an experiment needs. Throws `UsageError` for an unknown name. */
export function describedFault(named: string): DescribedFault {
  const { name, does, standsFor, undone, touches, causes, endsByItselfMs, example, params } = faultNamed(named);
  return {
    name,
    does,
    touches,
    standsFor,
    undone,
    ...(endsByItselfMs !== undefined && { endsByItselfMs }),
    causes,
    parameters: parametersOf(params),
    example,
  };
}

/** The same as text. */
export function faultText(named: string): string {
  const { name, does, touches, standsFor, undone, endsByItselfMs, causes, parameters, example } = describedFault(named);
  const longest = Math.max(0, ...parameters.map((each) => each.name.length));
  return [
    ...hanging(`${name}  `, does, width),
    '',
    ...hanging('  touches      ', where[touches], width),
    ...hanging('  stands for   ', standsFor, width),
    ...hanging('  undone       ', undone, width),
    ...(endsByItselfMs === undefined
      ? []
      : [`  ends         by itself after ${endsByItselfMs / 1000} s; it cannot last longer`]),
    ...hanging('  can cause    ', causes.join(', ') || 'no failed requests', width),
    '',
    ...(parameters.length > 0
      ? ['Parameters', ...parameters.flatMap((each) => parameterText(each, longest))]
      : ['It has no parameters.']),
    '',
    'In an experiment',
    ...(example.set ? [`  // on a workload with ${example.set.join(' ')}`] : []),
    ...(example.after ? [`  // after a ${example.after.name}`] : []),
    `  disruption({ id: '${name}', fault: ${builderCall({ name, params: example.params as FaultSpec['params'] })}, limitMs: seconds(120) })`,
    '',
    'On the command line',
    `  ${injectLine(name, example)}`,
    '',
  ].join('\n');
}

function parameterText({ name, says, kinds, default: byDefault }: Parameter, longest: number): string[] {
  const hanged = (text: string) => hanging(' '.repeat(longest + 4), text, width);
  const need = byDefault === undefined ? 'required' : `default ${JSON.stringify(byDefault)}`;
  const lines = hanging(`  ${name.padEnd(longest)}  `, says, width);
  if (kinds.every((kind) => kind.says === ''))
    return [...lines, ...hanged(`${kinds.map(({ type }) => type).join(' or ')}; ${need}`)];
  return [...lines, ...hanged(`${need}, one of`), ...kinds.flatMap(({ type, says }) => hanged(`${type}: ${says}`))];
}

/** The fault as an experiment names it, such as `drain({ nodes: { pick: 'zone' } })`. */
function builderCall({ name, params }: FaultSpec): string {
  const builder = name.replace(/-[a-z]/g, (letter) => letter.slice(1).toUpperCase());
  return `${builder}(${Object.keys(params).length > 0 ? literal(params) : ''})`;
}

/** A value as it is written in TypeScript. */
function literal(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value !== 'object' || value === null) return String(value);
  return `{ ${Object.entries(value)
    .map(([name, each]) => `${name}: ${literal(each)}`)
    .join(', ')} }`;
}

function injectLine(name: string, { params, set = [], after }: ReturnType<typeof faultNamed>['example']): string {
  const all = [...(after ? [after] : []), { name, params }];
  const told = all.some((each) => Object.keys(each.params as object).length > 0);
  return [
    `${ownCommand} inject`,
    ...all.map((each) => each.name),
    ...(told ? all.map((each) => `--params '${JSON.stringify(each.params)}'`) : []),
    ...set.map((word) => `--set ${word}`),
  ].join(' ');
}
