import type { Ms } from '../../model/units.ts';
import { apiServerDown } from '../../record/fault/api-server-down.ts';
import type { LabContext } from '../../record/fault/fault.ts';
import { healTimerMs } from '../../record/fault/heal-timer.ts';
import { memoryPressure } from '../../record/fault/memory-pressure.ts';
import { networkCardDown } from '../../record/fault/network-card-down.ts';
import { nodePartition } from '../../record/fault/node-partition.ts';
import type { Lab } from '../../record/lab/lab.ts';
import { poll } from '../../sys/clock.ts';
import { ExecError } from '../../sys/exec.ts';
import type { Exercise } from './drill.ts';
import { type KillOptions, whetherClean } from './kills.ts';

/** A fault on a node, and a command that succeeds on that node while the fault is in force. */
interface Timed {
  readonly name: string;
  inject(context: LabContext): Promise<{ readonly node: string; heal(): Promise<void> }>;
  readonly shows: readonly string[];
}

const workerOf = ({ lab }: LabContext): string =>
  lab.info.nodes.find(({ role, name }) => role === 'worker' && name !== lab.generator.name)?.name ?? '';

const timed: readonly Timed[] = [
  {
    name: nodePartition.fault.name,
    async inject(context) {
      const node = workerOf(context);
      const plan = { nodes: [{ name: node }], way: 'all', apiServer: context.lab.generator.ip, pods: [] } as const;
      await nodePartition.fault.inject(context, plan);
      return { node, heal: () => nodePartition.fault.heal(context, plan) };
    },
    shows: ['nft', 'list', 'table', 'inet', 'holdfast'],
  },
  {
    name: networkCardDown.fault.name,
    async inject(context) {
      const node = workerOf(context);
      const { stdout } = await context.lab.onNode(node, ['ip', 'route', 'show', 'default'], {});
      const plan = { nodes: [{ name: node, gateway: stdout.split(' ')[2] ?? '' }] };
      await networkCardDown.fault.inject(context, plan);
      return { node, heal: () => networkCardDown.fault.heal(context, plan) };
    },
    shows: ['sh', '-c', 'ip link show dev eth0 | grep -q "state DOWN"'],
  },
  {
    name: apiServerDown.fault.name,
    async inject(context) {
      const plan = await apiServerDown.fault.plan(context, {});
      await apiServerDown.fault.inject(context, plan);
      return { node: plan.nodes[0]?.name ?? '', heal: () => apiServerDown.fault.heal(context, plan) };
    },
    shows: ['test', '-e', '/etc/kubernetes/kube-apiserver.yaml.holdfast'],
  },
  {
    name: memoryPressure.fault.name,
    async inject(context) {
      const node = workerOf(context);
      const plan = { nodes: [{ name: node }], pods: [] };
      await memoryPressure.fault.inject(context, plan);
      return { node, heal: () => memoryPressure.fault.heal(context, plan) };
    },
    shows: ['test', '-e', '/var/lib/kubelet/config.yaml.holdfast'],
  },
];

const soonMs: Ms = 15_000;
const overLimitMs: Ms = 60_000;
const cleanLimitMs: Ms = 180_000;

/** The same lab with shorter timers. */
const hasty = (lab: Lab): Lab => {
  const [late, soon] = [healTimerMs, soonMs].map((ms) => `--on-active=${ms / 1000}`);
  const onNode: Lab['onNode'] = (node, command, options) =>
    lab.onNode(
      node,
      command.map((word) => (word === late && soon ? soon : word)),
      options,
    );
  return { ...lab, onNode };
};

/** Injects faults on nodes without a harness or a watchdog that heals them. Their timers must end them. */
export const timerExercises = ({ cluster, lab: open }: KillOptions): Exercise[] =>
  timed.map(({ name, inject, shows }) => ({
    id: `timer/${name}`,
    async run(signal) {
      const lab = hasty(await open());
      const nowhere = { namespace: '', helpersNamespace: '', owner: { kind: 'Deployment', name: '' } } as const;
      const context = { lab, kube: lab.kube, signal, ...nowhere, id: 'timer', record() {} };
      const began = performance.now();
      const { node, heal } = await inject(context);
      const inForce = () =>
        lab.onNode(node, shows, { signal }).then(
          () => true,
          (error: unknown) => {
            if (error instanceof ExecError) return false;
            throw error;
          },
        );
      try {
        if (!(await inForce())) throw new Error('it was not in force');
        await poll('its timer to end it', overLimitMs, signal, async () =>
          (await inForce()) ? { waitingFor: shows.join(' ') } : { done: true },
        );
      } catch (error) {
        await heal();
        throw error;
      }
      const tookMs = performance.now() - began;
      await poll('the cluster to be clean', cleanLimitMs, signal, () => whetherClean({ cluster, signal }));
      return { saw: `ended by its timer after ${(tookMs / 1000).toFixed(1)} s, and the cluster is clean` };
    },
  }));
