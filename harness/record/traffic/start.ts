import type { TrafficSettings } from '../../model/experiment.ts';
import type { Micros } from '../../model/units.ts';
import { armFiles } from '../../recording/run-folder.ts';
import { now, poll } from '../../sys/clock.ts';
import { readOwnFile } from '../../sys/files/system.ts';
import type { V1Pod } from '../../sys/kube.ts';
import type { Lab } from '../lab/lab.ts';
import { startUnit, stopUnit, type Unit } from '../lab/unit.ts';
import type { Target } from '../target/find-target.ts';
import type { ActionLog, PendingAction } from '../undo/action-log.ts';
import type { Undo } from '../undo/undo.ts';
import { conntrackCommand, enlargeBuffer } from './conntrack.ts';
import { type Generator, generatorPod, generatorPodName, generatorScript, requestsFile } from './generator.ts';
import { LiveCounts, type Sends } from './live-counts.ts';
import { collectRules, rulesCommand } from './rules.ts';

/** How one generator sent its requests since the last call of `countSendsFrom`. */
export interface GeneratorSends extends Sends {
  readonly gen: string;
  readonly ratePerSecond: number;
}

/** Running traffic. */
export interface Traffic {
  /** Restarts the counts in `sends`, for requests that are sent at or after this moment. */
  countSendsFrom(since: Micros): void;
  sends(): GeneratorSends[];
  /** The counts so far, for the progress: `1,204 answered, 3 failed`. */
  status(): Promise<string>;
  /** Stops the generators after the requests in flight, and waits until their last rows are on disk. */
  stop(): Promise<void>;
}

/** For arms without traffic, in which only the states of objects are judged. */
export const noTraffic: Traffic = {
  countSendsFrom: () => {},
  sends: () => [],
  status: async () => '',
  stop: async () => {},
};

const startLimitMs = 60_000;
const stopLimitMs = 30_000;
/** Longer than any arm. Generators and units end by themselves after this time. */
const trafficLimitMs = 1_800_000;

/** One generator for each kind of connection that has a rate above 0. */
const generatorsOf = (traffic: TrafficSettings): Generator[] => {
  const same = { timeoutMs: traffic.timeoutMs, limitMs: trafficLimitMs };
  const all: readonly Generator[] = [
    { gen: 'fresh', conn: 'fresh', ratePerSecond: traffic.freshPerSecond, ...same },
    { gen: 'kept-alive', conn: 'kept-alive', ratePerSecond: traffic.keptAlivePerSecond, ...same },
  ];
  return all.filter(({ ratePerSecond }) => ratePerSecond > 0);
};

/** The names of the generators of an arm; empty if it has no traffic. */
export const generatorNames = (traffic: TrafficSettings | null): string[] =>
  traffic ? generatorsOf(traffic).map(({ gen }) => gen) : [];

/**
 * Starts the generators of the arm in the namespace of the helpers, and the recording of their connections. Resolves
 * when each generator has received its first answer.
 */
export async function startTraffic(
  { namespace, traffic }: { readonly namespace: string; readonly traffic: TrafficSettings },
  { service }: Pick<Target, 'service'>,
  run: {
    readonly lab: Lab;
    /** The folder of the recording of the arm. */
    readonly folder: string;
    readonly evidencePath: string;
    readonly actions: ActionLog;
    readonly undo: Undo;
    readonly signal: AbortSignal;
  },
): Promise<Traffic> {
  const { lab, evidencePath, signal } = run;
  const { kube, info, generator: node } = lab;
  const script = readOwnFile(new URL('script.js', import.meta.url));
  const generators = generatorsOf(traffic);
  const counts = generators.map(({ gen, ratePerSecond }) => ({
    gen,
    ratePerSecond,
    rows: new LiveCounts(node.evidence, `${evidencePath}/${requestsFile(gen)}`),
  }));
  const readRows = () => {
    for (const { rows } of counts) rows.readMore();
  };
  const podOf = (gen: string) => ({
    apiVersion: 'v1',
    kind: 'Pod',
    name: generatorPodName(gen),
    namespace,
  });

  const closeRows = async () => {
    for (const { rows } of counts) rows.close();
  };
  run.undo.push('close the rows', 5_000, closeRows);
  await lab.onNode(node.name, ['mkdir', '-p', `/evidence/${evidencePath}`], { signal });
  const record = async (unit: Unit, command: readonly string[], output?: string): Promise<PendingAction> => {
    await stopUnit(lab, node.name, unit, signal);
    const started = run.actions.begin({ kind: 'unit', node: node.name, unit });
    await startUnit(lab, { node: node.name, unit, command, ...(output !== undefined && { output }) }, signal);
    return started;
  };
  const conntrackFile = `/evidence/${evidencePath}/${armFiles.conntrack}`;
  const conntrack = await record(
    'holdfast-conntrack',
    conntrackCommand(service.clusterIp, trafficLimitMs),
    conntrackFile,
  );
  await enlargeBuffer(lab, node.name, signal);
  const since = now();
  const rules = await record('holdfast-rules', rulesCommand(info.profile.proxyMode, trafficLimitMs));

  await kube.create(generatorScript(namespace, script));
  const url = `http://${service.clusterIp}:${service.port}/`;
  const place = { namespace, node: node.name, image: info.images.k6, target: url, evidencePath };
  await Promise.all(generators.map((generator) => kube.create(generatorPod(generator, place))));
  await poll('traffic', startLimitMs, signal, async () => {
    readRows();
    const silent = counts.filter(({ rows }) => rows.answered === 0);
    for (const { gen } of silent) {
      const pod = await kube.read<V1Pod>(podOf(gen));
      if (pod?.status?.phase !== 'Failed' && pod?.status?.phase !== 'Succeeded') continue;
      const output = (await kube.logs(namespace, generatorPodName(gen), false)).trim();
      const why = output || pod.status.message || pod.status.reason || 'it printed nothing';
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
    async status() {
      readRows();
      const count = (key: 'answered' | 'failed' | 'unread') =>
        `${counts.reduce((total, { rows }) => total + rows[key], 0).toLocaleString('en')} ${key}`;
      const unread = counts.some(({ rows }) => rows.unread > 0) ? [`${count('unread')} lines`] : [];
      return [count('answered'), count('failed'), ...unread].join(', ');
    },
    async stop() {
      await Promise.all(generators.map(({ gen }) => kube.remove(podOf(gen))));
      await poll('the generators’ last rows', stopLimitMs, signal, async () => {
        readRows();
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
