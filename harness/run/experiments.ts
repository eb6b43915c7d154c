import type { Experiment, Workload } from '../model/experiment.ts';
import { UsageError } from '../model/usage-error.ts';
import { listOwnFolder } from '../sys/files/system.ts';
import { ownExtension, ownModule } from '../sys/paths.ts';
import { experimentFiles, importExperiment, isPath } from './experiment-file.ts';

const folder = new URL('../../experiments/', import.meta.url);

/** The names of the experiments that are part of holdfast. */
export const experimentNames = (): string[] =>
  listOwnFolder(folder)
    .filter((name) => name.endsWith(ownExtension) && !name.endsWith('.test.ts'))
    .map((name) => name.slice(0, -ownExtension.length))
    .sort();

/** An experiment that is part of holdfast. Throws `UsageError` if there is none with that name. */
export async function loadExperiment(name: string): Promise<Experiment> {
  if (!experimentNames().includes(name))
    throw new UsageError(
      `there is no experiment ${name}. Experiments: ${experimentNames().join(', ')}. To run a file of your own, type its path, such as ./${name}.ts`,
    );
  return importExperiment(new URL(`${name}${ownExtension}`, folder).pathname);
}

/**
 * The experiments for these arguments: a name is an experiment of holdfast, and a path is a file or all files of a
 * folder. Without arguments, the experiments of the default run. Throws `UsageError` with the place for anything else,
 * and for two experiments with the same name.
 */
export async function chooseExperiments(words: readonly string[]): Promise<Experiment[]> {
  if (words.length === 0) {
    const all = await Promise.all(experimentNames().map(loadExperiment));
    return all.filter(({ onlyWhenNamed }) => !onlyWhenNamed);
  }
  const chosen: Experiment[] = [];
  for (const word of words) {
    if (isPath(word)) for (const file of experimentFiles(word)) chosen.push(await importExperiment(file));
    else chosen.push(await loadExperiment(word));
  }
  const names = chosen.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new UsageError(`two experiments have the name ${twice}, but each needs its own name in the recording`);
  return chosen;
}

/** A workload in experiments/workloads/ with its default settings. */
export async function loadWorkload(name: 'specimen'): Promise<Workload> {
  const path = `experiments/workloads/${name}`;
  const workloads = (await import(ownModule(path))) as { readonly [name: string]: () => Workload };
  const make = workloads[name];
  if (!make) throw new Error(`${path} exports no ${name}`);
  return make();
}
