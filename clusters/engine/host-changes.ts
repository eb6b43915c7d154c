import { access, readFile, rm, writeFile } from 'node:fs/promises';
import { shellFor } from './docker.ts';
import type { EngineFolder } from './engine-folder.ts';

/** What dockerd changes on its host and leaves so when it ends. */
interface HostBefore {
  readonly sysctls: { readonly [file: string]: string };
  readonly forwardPolicy: string;
  readonly chains: readonly string[];
  readonly bridges: readonly string[];
}

const sysctlFiles = ['/proc/sys/net/ipv4/ip_forward', '/proc/sys/net/bridge/bridge-nf-call-iptables'];

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

/** The policy of FORWARD in `iptables-save` text; ACCEPT where the table was never touched. */
export const forwardPolicy = (saved: string): string => {
  const filter = /^\*filter$(.*?)^COMMIT$/ms.exec(saved)?.[1] ?? '';
  return /^:FORWARD (\S+)/m.exec(filter)?.[1] ?? 'ACCEPT';
};

/** `iptables-restore --noflush` input that removes these chains and every rule that names one of them or one of the bridges. */
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

/** Notes what the host is like, unless a former start of this engine did. */
export async function recordHost(folder: EngineFolder): Promise<void> {
  if (await exists(folder.hostBefore)) return;
  const saved = await readSaved();
  const present = await Promise.all(sysctlFiles.map(exists));
  const sysctls: Record<string, string> = {};
  for (const file of sysctlFiles.filter((_, index) => present[index]))
    sysctls[file] = (await readFile(file, 'utf8')).trim();
  const before: HostBefore = {
    sysctls,
    forwardPolicy: forwardPolicy(saved),
    chains: engineChains(saved),
    bridges: await bridgesOnHost(),
  };
  await writeFile(folder.hostBefore, JSON.stringify(before, null, 2));
}

/** Puts the host back: chains, rules and bridges of the engine go, forwarding is as it was. The engine must have ended. */
export async function restoreHost(folder: EngineFolder): Promise<void> {
  const text = await readFile(folder.hostBefore, 'utf8').catch(() => undefined);
  if (text === undefined) return;
  const before = JSON.parse(text) as HostBefore;
  const saved = await readSaved();
  const chains = engineChains(saved).filter((chain) => !before.chains.includes(chain));
  const bridges = (await bridgesOnHost()).filter(
    (name) => !before.bridges.includes(name) && namedByEngine(saved, name),
  );
  const shell = shellFor();
  await shell({ input: removalInput(saved, chains, bridges) })`iptables-restore --noflush -w 10`;
  await shell`iptables -w 10 -P FORWARD ${before.forwardPolicy}`;
  for (const bridge of bridges) await shell`ip link delete ${bridge}`;
  for (const [file, value] of Object.entries(before.sysctls)) await writeFile(file, value);
  await rm(folder.hostBefore);
}

/** Whether one of the engine's own chains has a rule for this interface. */
const namedByEngine = (saved: string, bridge: string) =>
  saved.split('\n').some((line) => line.startsWith('-A DOCKER') && line.split(' ').includes(bridge));

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );
