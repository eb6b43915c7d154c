import { printableJson } from '../../model/printable.ts';
import { print } from '../../sys/terminal.ts';

/** What `--json` prints, by its `schema`. The report of a run has a schema of its own: reports/schema. */
export const jsonOutputs = {
  'holdfast.error/1': 'Every command, if it fails before it has a result.',
  'holdfast.planned/2': 'plan',
  'holdfast.init/1': 'init',
  'holdfast.experiments/1': 'list experiments, describe experiment',
  'holdfast.faults/1': 'list faults, describe fault',
  'holdfast.causes/1': 'list causes, describe cause',
  'holdfast.checks/1': 'list checks, describe check',
  'holdfast.judgements/1': 'judge, with more than one run',
  'holdfast.request/1': 'requests, one document per line',
  'holdfast.failed-request/1': 'requests --failed, one document per line',
  'holdfast.runs/1': 'runs list',
  'holdfast.pruned/1': 'runs prune',
  'holdfast.injection/1': 'inject --context',
  'holdfast.heal/1': 'heal',
  'holdfast.cluster/1': 'cluster up, cluster status',
  'holdfast.doctor/1': 'doctor',
} as const;

export type JsonOutput = keyof typeof jsonOutputs;

/** Prints the result of a command as one JSON document. */
export const printJson = (schema: JsonOutput, value: object): void =>
  print(`${printableJson({ schema, ...value }, 2)}\n`);

/** The same on one line, for a command that prints many. */
export const printJsonLine = (schema: JsonOutput, value: object): void =>
  print(`${printableJson({ schema, ...value })}\n`);
