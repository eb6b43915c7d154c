import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Experiment, Workload } from '../model/experiment.ts';
import { UsageError } from '../model/usage-error.ts';
import { checkoutDir } from '../sys/paths.ts';

const folder = () => join(checkoutDir(), 'experiments');

export const experimentNames = (): string[] =>
  readdirSync(folder())
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => name.slice(0, -'.ts'.length))
    .sort();

/** The experiment of a file in experiments/. */
export async function loadExperiment(name: string): Promise<Experiment> {
  const path = join(folder(), `${name}.ts`);
  if (!/^[a-z0-9-]+$/.test(name) || !existsSync(path)) {
    throw new UsageError(`there is no experiment ${name}. Experiments: ${experimentNames().join(', ')}`);
  }
  const { default: experiment } = (await import(pathToFileURL(path).href)) as { default?: Experiment };
  if (experiment?.name !== name) throw new UsageError(`${path}: its default export must be the experiment ${name}`);
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
  const path = join(folder(), 'workloads', `${name}.ts`);
  const workloads = (await import(pathToFileURL(path).href)) as { readonly [name: string]: () => Workload };
  const make = workloads[name];
  if (!make) throw new Error(`${path} exports no ${name}`);
  return make();
}
