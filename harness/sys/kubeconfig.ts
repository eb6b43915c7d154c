import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Cluster, Context, KubeConfig, User } from '@kubernetes/client-node';
import { ownCommand } from '../model/own-command.ts';
import { UsageError } from '../model/usage-error.ts';
import { type ReadLimits, readUserFile } from './files/read.ts';

/** A kubeconfig file and what is in it. */
export interface KubeconfigFile {
  readonly file: string;
  readonly text: string;
}

/** The kubeconfig files that kubectl would read, in order: those that KUBECONFIG names, or the one in the home folder. */
export function userKubeconfigs(limits: ReadLimits): KubeconfigFile[] {
  const named = (process.env.KUBECONFIG ?? '').split(delimiter).filter((file) => file !== '');
  const files = named.length > 0 ? named : [join(homedir(), '.kube', 'config')];
  const there = files.flatMap((file) => {
    const text = readNamed(file, limits);
    return text === undefined ? [] : [{ file, text }];
  });
  if (there.length === 0) throw new UsageError(`there is no kubeconfig: ${files.join(', ')}`);
  return there;
}

function readNamed(file: string, limits: ReadLimits): string | undefined {
  try {
    return readUserFile(file, limits);
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}`);
  }
}

/** One context, and the cluster and the user that it names. */
export interface ChosenContext {
  readonly contexts: readonly [Context];
  readonly clusters: readonly [Cluster];
  readonly users: readonly [User];
  readonly currentContext: string;
}

/** Selects as kubectl does: the first file that defines a name is used. Throws `UsageError` if no file defines it. */
export function chooseContext(configs: readonly KubeConfig[], name: string): ChosenContext {
  const contexts = configs.flatMap((config) => config.contexts);
  const context = contexts.find((each) => each.name === name);
  if (!context) {
    const known = [...new Set(contexts.map((each) => each.name))].join(', ') || 'none';
    throw new UsageError(`your kubeconfig has no context ${name}. It has: ${known}`);
  }
  const cluster = configs.flatMap((config) => config.clusters).find((each) => each.name === context.cluster);
  if (!cluster)
    throw new UsageError(`context ${name} refers to cluster ${context.cluster}, which your kubeconfig does not define`);
  const user = configs.flatMap((config) => config.users).find((each) => each.name === context.user);
  if (!user)
    throw new UsageError(`context ${name} refers to user ${context.user}, which your kubeconfig does not define`);
  return { contexts: [context], clusters: [cluster], users: [user], currentContext: name };
}

const certificates = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
const authorityLimits: ReadLimits = { maxBytes: 1024 * 1024 };

/**
 * A cluster with a fixed certificate authority. Otherwise the client would read the file again for each request. Only
 * the certificates in the fingerprint are trusted; OpenSSL would also trust other PEM blocks.
 */
export function pinned({ caFile, caData, ...cluster }: Cluster): Cluster {
  const pem = caFile ? readNamed(caFile, authorityLimits) : Buffer.from(caData ?? '', 'base64').toString();
  if (pem === undefined)
    throw new UsageError(`cluster ${cluster.name}: there is no certificate authority file ${caFile}`);
  const trusted = pem.match(certificates)?.join('\n') ?? '';
  return trusted === '' ? cluster : { ...cluster, caData: Buffer.from(trusted).toString('base64') };
}

/** The only context of a kubeconfig that we wrote. Throws if the file holds anything else. */
export function ownContext(config: KubeConfig, file: string): ChosenContext {
  const [context, ...contexts] = config.contexts;
  const [cluster, ...clusters] = config.clusters;
  const [user, ...users] = config.users;
  const { name: _user, certData, keyData, ...otherWays } = user ?? {};
  const { name: _cluster, server, caData, skipTLSVerify, ...otherRoutes } = cluster ?? {};
  const isOurs =
    contexts.length + clusters.length + users.length === 0 &&
    [certData, keyData, server, caData].every(Boolean) &&
    !skipTLSVerify &&
    [otherWays, otherRoutes].every((more) => Object.values(more).every((value) => value === undefined));
  if (!isOurs || !context || !cluster || !user)
    throw new Error(
      `${file} was changed since holdfast wrote it: it must hold only the address of one cluster, its certificate authority and a client certificate. Create the cluster again: ${ownCommand} cluster down, then ${ownCommand} cluster up`,
    );
  return { contexts: [context], clusters: [cluster], users: [user], currentContext: context.name };
}
