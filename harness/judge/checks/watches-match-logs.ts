import { preStopSleep } from '../../model/facts.ts';
import type { EvidenceLine } from '../../model/finding.ts';
import { between, counted } from '../../model/number-words.ts';
import { type Micros, type Ms, msToMicros } from '../../model/units.ts';
import type { ArmEvidence } from '../arm/arm-evidence.ts';
import { readyOnlyIfListening } from '../evidence/readiness-probe.ts';
import type { PodHistory } from '../timeline/pod-history.ts';
import type { Timeline } from '../timeline/timeline.ts';
import type { Check } from './check.ts';

/** A watch was 0.2 s late on a busy machine. Everything that relies on a watch allows for a second. */
export const watchLate: Ms = 1000;
/** How far two clocks may differ. Nothing is reported before it happens. */
const clocksApart: Ms = 100;

/**
 * The pod watch and the pods’ own logs show the same events in a possible order: ready after it listened, ended after
 * it exited, terminating before SIGTERM. A pod that ended in an orderly way has logged its end.
 */
export const watchesMatchLogs: Check = {
  id: 'watches-match-logs',
  ask(evidence) {
    const expected = `what pods did was seen at most ${watchLate / 1000} s later, and never before`;
    const all = [...evidence.timeline.pods.values()];
    const pods = all.filter(({ log }) => log.length > 0);
    const lines = [
      ...pods.flatMap((pod) => [...silentEnd(pod, evidence), ...outOfOrder(pod, evidence)]),
      ...neverBooted(all),
    ];
    if (lines.length === 0) return { verdict: 'pass', expected, measured: `${counted(pods.length, 'pod')} compared` };
    return { verdict: 'inconclusive', expected, measured: lines.map(({ text }) => text).join('; '), evidence: lines };
  },
};

/** A pod that was seen ready although the log of its name belongs to another pod of that name. */
function neverBooted(all: readonly PodHistory[]): EvidenceLine[] {
  return all.flatMap((pod) => {
    const ready = pod.bar.spans().find(({ state }) => state === 'ready');
    const other = all.some((each) => each !== pod && each.name === pod.name && each.log.length > 0);
    if (!ready || !other || pod.log.length > 0) return [];
    return [
      { at: ready.from, text: `${pod.name} with UID ${pod.uid} was seen ready, but no log shows that it started` },
    ];
  });
}

/** A pod that was seen to end in an orderly way while its node ran, but whose log stops before that. */
function silentEnd({ name, log, ends, gone, terminating, node }: PodHistory, evidence: ArmEvidence): EvidenceLine[] {
  const { timeline, phases } = evidence;
  if (gone === undefined || terminating === undefined || gone > phases.tail.to) return [];
  const inGoodOrder = ends.some(({ exitCode }) => exitCode === 0);
  if (!inGoodOrder || timeline.outages.during(node, terminating, gone)) return [];
  const logged = log.some(({ type }) => type === 'sigterm' || type === 'exit');
  return logged ? [] : [{ at: gone, text: `${name} was seen gone, but its log ends before its SIGTERM` }];
}

function outOfOrder(pod: PodHistory, { plan, timeline, phases }: ArmEvidence): EvidenceLine[] {
  const { name, terminating, gone, bar } = pod;
  const lines: EvidenceLine[] = [];
  const early = (seen: Micros | undefined, truly: Micros | undefined, what: string, than: string) => {
    if (seen === undefined || truly === undefined || seen >= truly - msToMicros(clocksApart)) return;
    lines.push({ at: seen, text: `${name} was seen ${what} ${between(seen, truly)} before ${than}` });
  };
  const ready = bar.spans().find(({ state }) => state === 'ready')?.from;
  if (readyOnlyIfListening(plan)) early(ready, pod.logged('listen'), 'ready', 'it listened');
  if (!isOrphaned(pod, timeline)) early(gone, pod.logged('exit'), 'gone', 'it exited');
  const sigterm = pod.logged('sigterm');
  // If the length of the hook is unknown, SIGTERM may follow at once.
  const sleep = preStopSleep(plan.workload.facts, plan.workload.container) ?? 0;
  const due = terminating === undefined ? undefined : terminating + msToMicros(sleep * 1000);
  // If the API server or the node was unreachable, the watch may report nothing for long.
  const apiServerDown = timeline.apiServer.spans().some(({ state }) => state === 'down');
  if (due === undefined || sigterm === undefined || sigterm > phases.tail.to || apiServerDown) return lines;
  if (due - sigterm > msToMicros(watchLate) && !timeline.outages.during(pod.node, sigterm, due))
    lines.push({
      at: sigterm,
      text: `${name} got SIGTERM ${between(sigterm, due)} before the reports of the watch allow it`,
    });
  return lines;
}

/**
 * The pod’s object was deleted but its process got no SIGTERM: after a forced deletion, or while its node was
 * unreachable.
 */
export function isOrphaned(
  { node, gone, graceSeconds, terminating }: PodHistory,
  { outages, leases }: Timeline,
): boolean {
  if (gone === undefined) return false;
  const byForce = terminating === undefined || graceSeconds === 0;
  return byForce || outages.during(node, gone, gone) !== undefined || leases.silence(node, gone) !== undefined;
}
