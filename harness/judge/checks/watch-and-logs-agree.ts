import { factsOf } from '../../model/facts.ts';
import type { EvidenceLine } from '../../model/finding.ts';
import { type Micros, type Ms, msToMicros } from '../../model/units.ts';
import { between, counted } from '../../model/words.ts';
import type { ArmEvidence } from '../arm/arm-evidence.ts';
import type { PodHistory } from '../timeline/pod-history.ts';
import type { Timeline } from '../timeline/timeline.ts';
import type { Check } from './check.ts';

/** A watch was seen 0.2 s late on a busy machine; all that is made of it allows for a second. */
export const watchLate: Ms = 1000;
/** Nothing is seen before it is. */
const clocksApart: Ms = 100;

/**
 * The pod watch and the pods' own logs tell of the same lives, in an order that can be: seen ready after it listened,
 * ended after it exited, terminating before its SIGTERM; and a pod that ended in good order says so.
 */
export const watchAndLogsAgree: Check = {
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

/** A pod that was seen ready beside another one of its name, and the log of the name tells of that one alone. */
function neverBooted(all: readonly PodHistory[]): EvidenceLine[] {
  return all.flatMap((pod) => {
    const ready = pod.bar.spans().find(({ state }) => state === 'ready');
    const other = all.some((each) => each !== pod && each.name === pod.name && each.log.length > 0);
    if (!ready || !other || pod.log.length > 0) return [];
    return [
      { at: ready.from, text: `${pod.name} of the UID ${pod.uid} was seen ready, and no log tells that it booted` },
    ];
  });
}

/** A pod that was seen to end in good order while its node ran, and whose log stops before. */
function silentEnd({ name, log, ends, gone, terminating, node }: PodHistory, evidence: ArmEvidence): EvidenceLine[] {
  const { timeline, phases } = evidence;
  if (gone === undefined || terminating === undefined || gone > phases.tail.to) return [];
  const inGoodOrder = ends.some(({ exitCode }) => exitCode === 0);
  if (!inGoodOrder || timeline.outages.during(node, terminating, gone)) return [];
  const said = log.some(({ type }) => type === 'sigterm' || type === 'exit');
  return said ? [] : [{ at: gone, text: `${name} was seen gone, and its log ends before its SIGTERM` }];
}

function outOfOrder(pod: PodHistory, { plan, timeline, phases }: ArmEvidence): EvidenceLine[] {
  const { name, terminating, gone, bar } = pod;
  const lines: EvidenceLine[] = [];
  const early = (seen: Micros | undefined, truly: Micros | undefined, what: string, than: string) => {
    if (seen === undefined || truly === undefined || seen >= truly - msToMicros(clocksApart)) return;
    lines.push({ at: seen, text: `${name} was seen ${what} ${between(seen, truly)} before ${than}` });
  };
  const ready = bar.spans().find(({ state }) => state === 'ready')?.from;
  if (factsOf(plan).readiness) early(ready, pod.logged('listen'), 'ready', 'it listened');
  if (!isOrphaned(pod, timeline)) early(gone, pod.logged('exit'), 'gone', 'it exited');
  const sigterm = pod.logged('sigterm');
  const due = terminating === undefined ? undefined : terminating + msToMicros(factsOf(plan).preStopSeconds * 1000);
  // Where the API server was away, or the node was, the watch may know nothing for long.
  const away = timeline.apiServer.spans().some(({ state }) => state === 'down');
  if (due === undefined || sigterm === undefined || sigterm > phases.tail.to || away) return lines;
  if (due - sigterm > msToMicros(watchLate) && !timeline.outages.during(pod.node, sigterm, due))
    lines.push({ at: sigterm, text: `${name} got SIGTERM ${between(sigterm, due)} before what was seen allows` });
  return lines;
}

/** Its object was deleted and its process was not asked: by force, or while nobody heard of its node. */
export function isOrphaned(
  { node, gone, graceSeconds, terminating }: PodHistory,
  { outages, leases }: Timeline,
): boolean {
  if (gone === undefined) return false;
  const byForce = terminating === undefined || graceSeconds === 0;
  return byForce || outages.during(node, gone, gone) !== undefined || leases.silence(node, gone) !== undefined;
}
