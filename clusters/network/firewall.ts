import type { Host } from './host.ts';

/** The two variants of iptables, and the default of the host. */
const variants = ['iptables-nft', 'iptables-legacy', 'iptables'] as const;

export type Iptables = (typeof variants)[number];

export interface Rule {
  readonly table: 'filter' | 'mangle';
  readonly chain: string;
  /** Match and target in the syntax of iptables. */
  readonly spec: string;
}

export interface CountedRule extends Rule {
  readonly packets: number;
}

/**
 * The variant in which the engine has its rules, and the output of `-S` there. Undefined if the engine filters nothing
 * or never ran. Throws if no variant works.
 */
export async function engineFirewall(host: Host): Promise<{ iptables: Iptables; listed: string } | undefined> {
  const asked = await Promise.allSettled(
    variants.map(async (iptables) => ({ iptables, listed: await host.run(iptables, ['-w', '10', '-S']) })),
  );
  const answers = asked.filter((answer) => answer.status === 'fulfilled').map(({ value }) => value);
  const [failure] = asked.filter((answer) => answer.status === 'rejected');
  if (answers.length === 0 && failure) throw failure.reason;
  const ofEngine = answers.filter(({ listed }) => /^-N DOCKER(-USER)?$/m.test(listed));
  return ofEngine.find(({ listed }) => hasUserChain(listed)) ?? ofEngine[0];
}

const hasUserChain = (listed: string) => /^-N DOCKER-USER$/m.test(listed);
const jump = 'FORWARD -j DOCKER-USER';

/**
 * `iptables-restore` input that makes DOCKER-USER the first chain for forwarded packets; undefined if it is. The engine
 * does the same only when it creates a network, not when it finds one after a restart.
 */
export function userChainInput(listed: string): string | undefined {
  if (/^-A FORWARD .*$/m.exec(listed)?.[0] === `-A ${jump}`) return undefined;
  return [
    '*filter',
    ...(hasUserChain(listed) ? [] : [':DOCKER-USER - [0:0]', '-A DOCKER-USER -j RETURN']),
    ...(listed.split('\n').includes(`-A ${jump}`) ? [`-D ${jump}`] : []),
    `-I ${jump}`,
    'COMMIT',
    '',
  ].join('\n');
}

/** Passes input to `iptables-restore`, which changes a whole table at once or not at all. */
export async function restore(host: Host, iptables: Iptables, input: string): Promise<void> {
  await host.run(`${iptables}-restore`, ['--noflush', '-w', '10'], input);
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

/** Inserts or deletes rules. */
export async function changeRules(host: Host, iptables: Iptables, action: '-I' | '-D', rules: readonly Rule[]) {
  if (rules.length > 0) await restore(host, iptables, restoreInput(action, rules));
}
