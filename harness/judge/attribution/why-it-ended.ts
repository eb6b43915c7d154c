import { preStopSleep } from '../../model/facts.ts';
import { between, exactSeconds } from '../../model/number-words.ts';
import { type Micros, msToMicros } from '../../model/units.ts';
import type { PodHistory } from '../timeline/pod-history.ts';
import type { Timeline } from '../timeline/timeline.ts';
import type { FailureCase } from './failure-case.ts';

const killed = 137;
/** The kubelet gives a container two seconds even if its hook used up the grace period. */
const leastGraceMs = 2000;
/** The end of a container is reported up to 2 s late. Kubernetes’ events may be later. */
const seenLate = msToMicros(3000);

/** Kubernetes’ events that say what ended a pod or its container. */
const orders = {
  Killing: /failed (?:liveness|startup) probe/,
  Evicted: /./,
  Preempted: /./,
  TaintManagerEviction: /Marking for deletion/,
} as const satisfies { readonly [reason: string]: RegExp };

const orderWords = {
  Killing: 'the kubelet restarted it',
  Evicted: 'the kubelet evicted it',
  Preempted: 'it was preempted',
  TaintManagerEviction: 'a taint of its node evicted it',
} as const satisfies { readonly [reason in keyof typeof orders]: string };

const isOrder = (reason: string): reason is keyof typeof orders => Object.hasOwn(orders, reason);

/** What made the pod end, by a Kubernetes event or by an allowed eviction. */
function orderedBy(pod: PodHistory, { kubernetesEvents, evictions }: Timeline, from: Micros, ended: Micros) {
  const to = ended + seenLate;
  const event = kubernetesEvents.findLast((each) => {
    const { reason, message } = each.state;
    const ordered = isOrder(reason) && orders[reason].test(message);
    return pod.isSubjectOf(each) && ordered && each.at >= from && each.at <= to;
  });
  if (event && isOrder(event.state.reason)) return `${orderWords[event.state.reason]}: ${event.state.message}`;
  const eviction = evictions.findLast(
    (answer) => pod.isSubjectOf(answer) && answer.state.code === 201 && answer.at >= from && answer.at <= to,
  );
  return eviction ? `it was evicted ${between(eviction.at, ended)} before` : undefined;
}

/** Why a pod’s process ended, in words: out of memory, a failed probe, the end of its grace period, or by itself. */
export function whyItEnded({ timeline, plan }: FailureCase, pod: PodHistory, ended: Micros): string {
  const end = pod.ends.find(({ at }) => at >= ended - seenLate && at <= ended + seenLate);
  if (end?.reason === 'OOMKilled') return 'over its memory limit';
  const sigterm = pod.log.findLast(({ type, at }) => type === 'sigterm' && at <= ended)?.at;
  const { facts, container } = plan.workload;
  const graceMs = (pod.graceSeconds ?? facts.grace) * 1000;
  const since = Math.min(sigterm ?? ended, pod.terminating ?? ended) - seenLate;
  const order = orderedBy(pod, timeline, since, ended);
  const how = howItEnded(pod, { sigterm, ended, exitCode: end?.exitCode, graceMs }, preStopSleep(facts, container));
  return [how, order].filter(Boolean).join('; ');
}

interface Ended {
  readonly sigterm: Micros | undefined;
  readonly ended: Micros;
  readonly exitCode: number | null | undefined;
  readonly graceMs: number;
}

/** `preStopSeconds` is undefined if the hook has no known length. Then it is unknown how much of the grace period was left. */
function howItEnded(
  pod: PodHistory,
  { sigterm, ended, exitCode, graceMs }: Ended,
  preStopSeconds: number | undefined,
): string {
  if (sigterm === undefined) return 'without SIGTERM';
  const after = `${between(sigterm, ended)} after SIGTERM`;
  const exitedByItself = pod.log.some(({ type, at }) => type === 'exit' && at >= sigterm && at <= ended);
  if (exitedByItself) return `${after}, without finishing the request`;
  if (preStopSeconds === undefined) return after;
  const leftMs = Math.max(leastGraceMs, graceMs - preStopSeconds * 1000);
  const over = ended - sigterm >= msToMicros(leftMs) - msToMicros(500);
  if (exitCode === killed && over) return `${after}: its grace period of ${exactSeconds(graceMs)} was over`;
  return after;
}
