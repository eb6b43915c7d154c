import type { Experiment, Workload } from '../model/experiment.ts';
import { UsageError } from '../model/usage-error.ts';
import { listOwnFolder } from '../sys/files/system.ts';

const folder = new URL('../../experiments/', import.meta.url);

export const experimentNames = (): string[] =>
  listOwnFolder(folder)
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => name.slice(0, -'.ts'.length))
    .sort();

/** The experiment of a file in experiments/. */
export async function loadExperiment(name: string): Promise<Experiment> {
  if (!experimentNames().includes(name))
    throw new UsageError(`there is no experiment ${name}. Experiments: ${experimentNames().join(', ')}`);
  const { href, pathname } = new URL(`${name}.ts`, folder);
  const { default: experiment } = (await import(href)) as { default?: Experiment };
  if (experiment?.name !== name) throw new UsageError(`${pathname}: its default export must be the experiment ${name}`);
  return experiment;
}

/** The experiments of these names; without names those of the default run. */
export async function chooseExperiments(names: readonly string[]): Promise<Experiment[]> {
  if (names.length > 0) return Promise.all(names.map(loadExperiment));
  const all = await Promise.all(experimentNames().map(loadExperiment));
  return all.filter(({ onlyWhenNamed }) => !onlyWhenNamed);
}

/** A workload of experiments/workloads/ as it is unless an experiment says otherwise. */
export async function loadWorkload(name: 'specimen'): Promise<Workload> {
  const { href, pathname } = new URL(`workloads/${name}.ts`, folder);
  const workloads = (await import(href)) as { readonly [name: string]: () => Workload };
  const make = workloads[name];
  if (!make) throw new Error(`${pathname} exports no ${name}`);
  return make();
}
