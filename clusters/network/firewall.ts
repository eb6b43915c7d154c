import type { Host } from './host.ts';

/** The two ways into the kernel's packet filter, and whatever the host calls its own. */
const variants = ['iptables-nft', 'iptables-legacy', 'iptables'] as const;

export type Iptables = (typeof variants)[number];

export interface Rule {
  readonly table: 'filter' | 'mangle';
  readonly chain: string;
  /** Match and target in iptables' own words. */
  readonly spec: string;
}

export interface CountedRule extends Rule {
  readonly packets: number;
}

/** The variant in which the engine keeps its rules: where its chain DOCKER-USER is. None: it filters nothing, or never ran. */
export async function engineIptables(host: Host): Promise<Iptables | undefined> {
  for (const variant of variants) {
    const found = await host.run(variant, ['-w', '10', '-n', '-L', 'DOCKER-USER']).then(
      () => true,
      () => false,
    );
    if (found) return variant;
  }
  return undefined;
}

/** Reads the rules with their packet counters from what `iptables-save -c` printed. */
export function parseRules(saved: string): CountedRule[] {
  const rules: CountedRule[] = [];
  let table = '';
  for (const line of saved.split('\n')) {
    if (line.startsWith('*')) table = line.slice(1);
    const [, packets, chain, spec] = /^\[(\d+):\d+\] -A (\S+) (.*)$/.exec(line) ?? [];
    if ((table === 'filter' || table === 'mangle') && chain !== undefined && spec !== undefined) {
      rules.push({ table, chain, spec, packets: Number(packets) });
    }
  }
  return rules;
}

/** The rules whose comment is `tag`. */
export async function rulesTagged(host: Host, iptables: Iptables, tag: string): Promise<CountedRule[]> {
  const saved: string[] = [];
  for (const table of ['filter', 'mangle']) saved.push(await host.run(`${iptables}-save`, ['-c', '-t', table]));
  const comment = new RegExp(`--comment "?${tag}"?( |$)`);
  return parseRules(saved.join('\n')).filter(({ spec }) => comment.test(spec));
}

/** `iptables-restore` input that inserts rules at the top of their chains, or deletes them. */
export function restoreInput(action: '-I' | '-D', rules: readonly Rule[]): string {
  const tables = [...new Set(rules.map(({ table }) => table))];
  const lines = tables.flatMap((table) => [
    `*${table}`,
    ...rules.filter((rule) => rule.table === table).map(({ chain, spec }) => `${action} ${chain} ${spec}`),
    'COMMIT',
  ]);
  return `${lines.join('\n')}\n`;
}

/** Inserts or deletes rules, a whole table at once or not at all. */
export async function changeRules(host: Host, iptables: Iptables, action: '-I' | '-D', rules: readonly Rule[]) {
  if (rules.length === 0) return;
  await host.run(`${iptables}-restore`, ['--noflush', '-w', '10'], restoreInput(action, rules));
}
