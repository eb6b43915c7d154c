import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Cluster, Context, KubeConfig, User } from '@kubernetes/client-node';
import { UsageError } from '../model/usage-error.ts';

/** The kubeconfig files that kubectl would read, in order: those that KUBECONFIG names, or the one in the home folder. */
export function userKubeconfigs(): string[] {
  const named = (process.env.KUBECONFIG ?? '').split(delimiter).filter((file) => file !== '');
  const files = named.length > 0 ? named : [join(homedir(), '.kube', 'config')];
  const there = files.filter((file) => existsSync(file));
  if (there.length === 0) throw new UsageError(`there is no kubeconfig: ${files.join(', ')}`);
  return there;
}

/** One context, and the cluster and the user that it names. */
export interface ChosenContext {
  readonly contexts: readonly [Context];
  readonly clusters: readonly [Cluster];
  readonly users: readonly [User];
  readonly currentContext: string;
}

/** Chooses as kubectl does: of several files the first that knows a name has it. Throws `UsageError` where none does. */
export function chooseContext(configs: readonly KubeConfig[], name: string): ChosenContext {
  const contexts = configs.flatMap((config) => config.contexts);
  const context = contexts.find((each) => each.name === name);
  if (!context) {
    const known = [...new Set(contexts.map((each) => each.name))].join(', ') || 'none';
    throw new UsageError(`your kubeconfig has no context ${name}. It has: ${known}`);
  }
  const cluster = configs.flatMap((config) => config.clusters).find((each) => each.name === context.cluster);
  if (!cluster) throw new UsageError(`context ${name} is of cluster ${context.cluster}, which your kubeconfig lacks`);
  const user = configs.flatMap((config) => config.users).find((each) => each.name === context.user);
  if (!user) throw new UsageError(`context ${name} is of user ${context.user}, whom your kubeconfig lacks`);
  return { contexts: [context], clusters: [cluster], users: [user], currentContext: name };
}
