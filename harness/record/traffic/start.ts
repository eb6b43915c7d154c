import type { TrafficSettings } from '../../model/experiment.ts';
import type { ArmPlan } from '../../model/plan.ts';
import type { Micros } from '../../model/units.ts';
import { armFiles } from '../../recording/run-folder.ts';
import { now, poll } from '../../sys/clock.ts';
import { readOwnFile } from '../../sys/files/system.ts';
import type { V1Pod } from '../../sys/kube.ts';
import type { Deeds, Intended } from '../deeds.ts';
import type { Lab } from '../lab.ts';
import type { Undo } from '../undo.ts';
import type { Target } from '../workload.ts';
import { conntrackCommand } from './conntrack.ts';
import { type Generator, generatorPod, generatorPodName, generatorScript, requestsFile } from './generator.ts';
import { LiveCounts, type Sends } from './live-counts.ts';
import { collectRules, rulesCommand } from './rules.ts';
import { startUnit, stopUnit, type Unit } from './unit.ts';

/** How one generator sent since it was last asked to count. */
export interface GeneratorSends extends Sends {
  readonly gen: string;
  readonly ratePerSecond: number;
}

/** Traffic that flows. */
export interface Traffic {
  /** Counts from now on how requests are sent that are sent from this moment on. */
  countSendsFrom(since: Micros): void;
  sends(): GeneratorSends[];
  /** What a person sees meanwhile: `1,204 answered, 3 failed`. */
  look(): Promise<string>;
  /** Ends the generators, lets requests in flight end, and waits until their last rows are on disk. */
  stop(): Promise<void>;
}

/** For arms of which only states are judged. */
export const noTraffic: Traffic = {
  countSendsFrom: () => {},
  sends: () => [],
  look: async () => '',
  stop: async () => {},
};

const startLimitMs = 60_000;
const stopLimitMs = 30_000;
/** No arm lasts longer; what is left alone ends by itself. */
const trafficLimitMs = 1_800_000;

/** One for each kind of connection on which requests are planned. */
const generatorsOf = (traffic: TrafficSettings): Generator[] => {
  const same = { timeoutMs: traffic.timeoutMs, limitMs: trafficLimitMs };
  const all: readonly Generator[] = [
    { gen: 'fresh', conn: 'fresh', ratePerSecond: traffic.freshPerSecond, ...same },
    { gen: 'kept-alive', conn: 'kept-alive', ratePerSecond: traffic.keptAlivePerSecond, ...same },
  ];
  return all.filter(({ ratePerSecond }) => ratePerSecond > 0);
};

/** Names of the generators of an arm; none where no traffic flows. */
export const generatorNames = (traffic: TrafficSettings | null): string[] =>
  traffic ? generatorsOf(traffic).map(({ gen }) => gen) : [];

/** Starts the arm's generators and the record of their connections. Resolves when each has had its first answer. */
export async function startTraffic(
  arm: Pick<ArmPlan, 'namespace'> & { readonly traffic: TrafficSettings },
  target: Target,
  run: {
    readonly lab: Lab;
    /** Of the arm's recording. */
    readonly folder: string;
    readonly evidencePath: string;
    readonly deeds: Deeds;
    readonly undo: Undo;
    readonly signal: AbortSignal;
  },
): Promise<Traffic> {
  const { lab, evidencePath, signal } = run;
  const { kube, info, generator: node } = lab;
  const script = readOwnFile(new URL('script.js', import.meta.url));
  const generators = generatorsOf(arm.traffic);
  const counts = generators.map(({ gen, ratePerSecond }) => ({
    gen,
    ratePerSecond,
    rows: new LiveCounts(node.evidence, `${evidencePath}/${requestsFile(gen)}`),
  }));
  const look = () => {
    for (const { rows } of counts) rows.look();
  };
  const podOf = (gen: string) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    name: generatorPodName(gen),
    namespace: arm.namespace,
  });

  const closeRows = async () => {
    for (const { rows } of counts) rows.close();
  };
  run.undo.push('close the rows', 5_000, closeRows);
  await lab.onNode(node.name, ['mkdir', '-p', `/evidence/${evidencePath}`], { signal });
  const record = async (unit: Unit, command: readonly string[], output?: string): Promise<Intended> => {
    await stopUnit(lab, node.name, unit, signal);
    const started = run.deeds.intend({ kind: 'unit', node: node.name, unit });
    await startUnit(lab, { node: node.name, unit, command, ...(output !== undefined && { output }) }, signal);
    return started;
  };
  const conntrackFile = `/evidence/${evidencePath}/${armFiles.conntrack}`;
  const conntrack = await record(
    'holdfast-conntrack',
    conntrackCommand(target.clusterIp, trafficLimitMs),
    conntrackFile,
  );
  const since = now();
  const rules = await record('holdfast-rules', rulesCommand(info.profile.proxyMode, trafficLimitMs));

  await kube.create(generatorScript(arm.namespace, script));
  const place = { namespace: arm.namespace, node: node.name, image: info.images.k6, target: target.url, evidencePath };
  await Promise.all(generators.map((generator) => kube.create(generatorPod(generator, place))));
  await poll('traffic', startLimitMs, signal, async () => {
    look();
    const silent = counts.filter(({ rows }) => rows.answered === 0);
    for (const { gen } of silent) {
      const pod = await kube.read<V1Pod>(podOf(gen));
      if (pod?.status?.phase !== 'Failed' && pod?.status?.phase !== 'Succeeded') continue;
      const said = (await kube.logs(arm.namespace, generatorPodName(gen), false)).trim();
      const why = said || pod.status.message || pod.status.reason || 'it said nothing';
      throw new Error(`generator ${gen} ended before its first answer: ${why}`);
    }
    if (silent.length === 0) return { done: true };
    return { waitingFor: `the first answer to ${silent.map(({ gen }) => gen).join(' and ')}` };
  });

  return {
    countSendsFrom(since) {
      for (const { rows } of counts) rows.countSendsFrom(since);
    },
    sends: () => counts.map(({ gen, ratePerSecond, rows }) => ({ gen, ratePerSecond, ...rows.sends })),
    async look() {
      look();
      const count = (key: 'answered' | 'failed' | 'unread') =>
        `${counts.reduce((total, { rows }) => total + rows[key], 0).toLocaleString('en')} ${key}`;
      const unread = counts.some(({ rows }) => rows.unread > 0) ? [`${count('unread')} lines`] : [];
      return [count('answered'), count('failed'), ...unread].join(', ');
    },
    async stop() {
      await Promise.all(generators.map(({ gen }) => kube.remove(podOf(gen))));
      await poll('the generators’ last rows', stopLimitMs, signal, async () => {
        look();
        const writing = counts.filter(({ rows }) => !rows.ended);
        return writing.length === 0 ? { done: true } : { waitingFor: writing.map(({ gen }) => gen).join(' and ') };
      });
      await conntrack.undo(signal);
      await collectRules(lab, { node: node.name, since, folder: run.folder }, signal);
      await rules.undo(signal);
      await closeRows();
    },
  };
}
