import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readKernelFile, writeKernelFile } from '../../harness/sys/files/system.ts';
import { removeFile, writeWhole } from '../../harness/sys/files/write.ts';
import { readJson } from '../../harness/sys/state-file.ts';
import { shellFor } from '../docker/docker.ts';
import type { EngineFolder } from './engine-folder.ts';

const sysctlFiles = ['/proc/sys/net/ipv4/ip_forward', '/proc/sys/net/bridge/bridge-nf-call-iptables'] as const;

/** The settings that dockerd changes on its host and does not restore when it ends. */
const hostBeforeSchema = z.strictObject({
  sysctls: z.partialRecord(z.enum(sysctlFiles), z.string().regex(/^\d{1,3}$/)),
  forwardPolicy: z.enum(['ACCEPT', 'DROP']),
  chains: z.array(z.string().regex(/^[a-z]+\/DOCKER(-\S{1,25})?$/)),
  bridges: z.array(z.string().regex(/^[^\s/]{1,15}$/)),
});
type HostBefore = z.infer<typeof hostBeforeSchema>;

const hostBeforeFile = 'host-before.json';

const readSaved = async () => (await shellFor()`iptables-save`).stdout;

const isEngineChain = (chain: string) => chain === 'DOCKER' || chain.startsWith('DOCKER-');

/** The engine's chains in `iptables-save` text, as `table/chain`. */
export const engineChains = (saved: string): string[] => {
  let table = '';
  return saved.split('\n').flatMap((line) => {
    if (line.startsWith('*')) table = line.slice(1);
    const chain = /^:(\S+) /.exec(line)?.[1];
    return chain !== undefined && isEngineChain(chain) ? [`${table}/${chain}`] : [];
  });
};

/** The policy of FORWARD in `iptables-save` text; ACCEPT if the table was never touched. */
export const forwardPolicy = (saved: string): HostBefore['forwardPolicy'] => {
  const filter = /^\*filter$(.*?)^COMMIT$/ms.exec(saved)?.[1] ?? '';
  return /^:FORWARD DROP /m.test(filter) ? 'DROP' : 'ACCEPT';
};

/**
 * `iptables-restore --noflush` input that removes these chains and every rule that names one of them or one of the
 * bridges.
 */
export function removalInput(saved: string, chains: readonly string[], bridges: readonly string[]): string {
  const doomed = new Set(chains);
  const input: string[] = [];
  let table = '';
  let last: string[] = [];
  for (const line of saved.split('\n')) {
    if (line.startsWith('*')) {
      table = line.slice(1);
      last = chains.filter((chain) => chain.startsWith(`${table}/`)).map((chain) => chain.slice(table.length + 1));
      input.push(line, ...last.map((chain) => `-F ${chain}`));
    } else if (line === 'COMMIT') {
      input.push(...last.map((chain) => `-X ${chain}`), line);
    } else if (line.startsWith('-A ')) {
      const words = line.split(' ');
      const target = words[words.indexOf('-j') + 1];
      const inDoomed = doomed.has(`${table}/${words[1]}`);
      const namesChain = doomed.has(`${table}/${target}`);
      if (!inDoomed && (namesChain || words.some((word) => bridges.includes(word)))) input.push(`-D ${line.slice(3)}`);
    }
  }
  return `${input.join('\n')}\n`;
}

/** Names in the first column of `ip -brief link`, without the `@peer` that some carry. */
export const linkNames = (brief: string): string[] => brief.split('\n').flatMap((line) => line.split(/[@\s]/)[0] || []);

const bridgesOnHost = async () => linkNames((await shellFor()`ip -brief link show type bridge`).stdout);

/** Records the settings of the host, unless an earlier start of this engine did. */
export async function recordHost(folder: EngineFolder): Promise<void> {
  if (readHostBefore(folder)) return;
  const saved = await readSaved();
  const sysctls: HostBefore['sysctls'] = {};
  for (const file of sysctlFiles.filter((each) => existsSync(each)))
    sysctls[file] = (await readKernelFile(file)).trim();
  const before: HostBefore = {
    sysctls,
    forwardPolicy: forwardPolicy(saved),
    chains: engineChains(saved),
    bridges: await bridgesOnHost(),
  };
  writeWhole(folder.root, hostBeforeFile, JSON.stringify(before, null, 2));
}

/** The settings that a start of this engine recorded. Throws if the record is damaged. */
export function readHostBefore({ root }: EngineFolder): HostBefore | undefined {
  try {
    return readJson(root, hostBeforeFile, hostBeforeSchema);
  } catch (error) {
    throw new Error(
      `The record of the host's network settings before the engine started is damaged (${join(root, hostBeforeFile)}: ${(error as Error).message}). ` +
        'The network was not restored. Remove that file, and restore by hand the settings that you need.',
      { cause: error },
    );
  }
}

/**
 * Restores the host: removes the chains, rules and bridges of the engine, and restores forwarding. The engine must have
 * ended.
 */
export async function restoreHost(folder: EngineFolder): Promise<void> {
  const before = readHostBefore(folder);
  if (!before) return;
  const saved = await readSaved();
  const chains = engineChains(saved).filter((chain) => !before.chains.includes(chain));
  const shell = shellFor();
  const bridges: string[] = [];
  for (const name of await bridgesOnHost()) {
    if (before.bridges.includes(name) || !namedByEngine(saved, name)) continue;
    // Our containers have ended, so a bridge with ports belongs to another engine.
    const ports = linkNames((await shell`ip -brief link show master ${name}`).stdout);
    if (ports.length === 0) bridges.push(name);
  }
  await shell({ input: removalInput(saved, chains, bridges) })`iptables-restore --noflush -w 10`;
  await shell`iptables -w 10 -P FORWARD ${before.forwardPolicy}`;
  for (const bridge of bridges) await shell`ip link delete ${bridge}`;
  for (const file of sysctlFiles) {
    const value = before.sysctls[file];
    if (value !== undefined) await writeKernelFile(file, value);
  }
  removeFile(folder.root, hostBeforeFile);
}

/** Whether one of the engine's own chains has a rule for this interface. */
const namedByEngine = (saved: string, bridge: string) =>
  saved.split('\n').some((line) => line.startsWith('-A DOCKER') && line.split(' ').includes(bridge));
