import { z } from 'zod';
import { sleep } from '../../sys/clock.ts';
import type { Evictee, EvictionsPlan } from '../../witness/evictions.ts';
import type { NamespaceContext } from './fault.ts';

/** Parameters of every fault that evicts. */
export const evictionParams = {
  // kubectl also waits 5 s (k/k `pkg/drain`).
  retryMs: z.int().min(100).default(5000).describe('how long to wait after a refusal'),
  timeLimitMs: z.int().positive().default(60_000).describe('how long to retry, like kubectl drain --timeout'),
  finishes: z
    .boolean()
    .default(true)
    .describe('true: every eviction must succeed; false: evictions must be refused until the time limit'),
};

/** The fields of a plan that evicts. */
export const plannedEvictions = {
  namespace: z.string(),
  pods: z.array(z.strictObject({ name: z.string(), node: z.string(), namespace: z.string() })),
  retryMs: z.number(),
  timeLimitMs: z.number(),
  finishes: z.boolean(),
};

/** The same fields in a recording. */
export const recordedEvictions = {
  namespace: z.string(),
  pods: z.array(z.object({ name: z.string(), node: z.string(), namespace: z.string() })),
  retryMs: z.number(),
  timeLimitMs: z.number(),
  finishes: z.boolean(),
};

const answerWords: { readonly [code: number]: string } = {
  201: 'allowed',
  404: 'gone',
  429: 'refused',
  500: 'refused',
};

/**
 * Evicts all pods at the same time, and retries until each eviction is allowed or the time limit is over. Records every
 * answer.
 */
export async function evictAll(context: NamespaceContext, plan: EvictionsPlan): Promise<void> {
  const end = performance.now() + plan.timeLimitMs;
  await Promise.all(plan.pods.map((pod) => evictOne(context, pod, plan, end)));
}

/** Evicts one pod like kubectl: it waits after a refusal, and tries once more at the time limit. */
async function evictOne(context: NamespaceContext, pod: Evictee, { retryMs }: EvictionsPlan, end: number) {
  for (;;) {
    const { code, message } = await context.kube.evict(pod.namespace, pod.name);
    const answer = { disruption: context.id, node: pod.node, code, message };
    context.record(
      'eviction',
      answerWords[code] ?? 'failed',
      { kind: 'Pod', namespace: pod.namespace, name: pod.name },
      answer,
    );
    if (code === 201 || code === 404) return;
    if (code !== 429 && code !== 500) throw new Error(message);
    const left = end - performance.now();
    if (left <= 0) return;
    await sleep(Math.min(retryMs, left), context.signal);
  }
}
