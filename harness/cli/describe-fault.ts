import { hanging } from '../../reports/terminal/layout.ts';
import type { FaultSpec } from '../model/experiment.ts';
import type { DescribeFault } from '../plan/text.ts';
import { faultNamed } from '../record/fault/catalogue.ts';
import { type Parameter, parametersOf } from './parameters-in-words.ts';

/** The texts of the catalogue about a fault. */
export const describeFault: DescribeFault = ({ name }) => {
  const { does, faithfulTo, undone } = faultNamed(name);
  return { does, faithfulTo, undone };
};

const width = 100;

const where = { namespace: 'objects in the namespace of the workload', nodes: 'nodes of a lab cluster' } as const;

/** Everything about a fault that the author of an experiment needs. Throws `UsageError` for an unknown name. */
export function faultText(name: string): string {
  const fault = faultNamed(name);
  const { does, faithfulTo, undone, touches, causes, endsByItselfMs, example } = fault;
  const parameters = parametersOf(fault.params);
  const longest = Math.max(0, ...parameters.map((each) => each.name.length));
  return [
    ...hanging(`${name}  `, does, width),
    '',
    ...hanging('  touches      ', where[touches], width),
    ...hanging('  stands for   ', faithfulTo, width),
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
    `  ${injectLine(name, fault.example)}`,
    '',
  ].join('\n');
}

function parameterText({ name, says, kinds, otherwise }: Parameter, longest: number): string[] {
  const hanged = (text: string) => hanging(' '.repeat(longest + 4), text, width);
  const otherwiseInWords = otherwise === undefined ? 'required' : `default ${otherwise}`;
  const lines = hanging(`  ${name.padEnd(longest)}  `, says, width);
  if (kinds.every((kind) => kind.says === ''))
    return [...lines, ...hanged(`${kinds.map(({ type }) => type).join(' or ')}; ${otherwiseInWords}`)];
  return [
    ...lines,
    ...hanged(`${otherwiseInWords}, one of`),
    ...kinds.flatMap(({ type, says }) => hanged(`${type}: ${says}`)),
  ];
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
    './holdfast inject',
    ...all.map((each) => each.name),
    ...(told ? all.map((each) => `--params '${JSON.stringify(each.params)}'`) : []),
    ...set.map((word) => `--set ${word}`),
  ].join(' ');
}
