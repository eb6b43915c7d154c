import { type Cause, causes } from './cause.ts';
import type { Claim } from './claim.ts';
import type { Demand, Expectation, PodMarginKind, TopologyDomain } from './experiment.ts';
import type { BudgetLimit } from './facts.ts';
import type { ArmExposure } from './finding.ts';
import { count, counted, listed, percent, plainSeconds, wholePercent } from './number-words.ts';

const either = (names: readonly Cause[]): string =>
  listed(
    names.map((cause) => causes[cause].name),
    'or',
  );

/** The expectation of an arm as text, for reports and plans. */
export function expectationInWords(expect: Expectation): string {
  switch (expect.kind) {
    case 'no-loss':
      return 'no failed request';
    case 'observed':
      return 'nothing is demanded';
    case 'loss':
      return `at least ${counted(expect.atLeast, 'failed request')}: ${either(expect.causes)}`;
    case 'outage':
      return `no answer for at least ${plainSeconds(expect.atLeastMs)}: ${either(expect.causes)}`;
    case 'bounded-loss':
      return `no failure but ${either(expect.causes)}; at most ${wholePercent(expect.shareAtMost)} failed in any ${plainSeconds(expect.windowMs)}, no full second without an answer on connections of any kind; once the last rule to a lost endpoint is gone, none${expect.afterwards.length > 0 ? ` but ${either(expect.afterwards)}` : ' at all'}`;
    case 'placement':
      return expect.nodesAtLeast === expect.nodesAtMost
        ? `replicas on ${counted(expect.nodesAtLeast, 'node')}`
        : `replicas on ${expect.nodesAtLeast} to ${expect.nodesAtMost} nodes`;
  }
}

/** The span of each margin, and what a pod was that missed it. */
export const podMarginWords: { readonly [kind in PodMarginKind]: { readonly span: string; readonly missed: string } } =
  {
    close: { span: 'from last routed to listener closed', missed: 'too late' },
    listen: { span: 'from listening to first routed', missed: 'too early' },
    grace: { span: 'from last request ended to grace period over', missed: 'too late' },
  };

/** Where replicas share a domain. */
export const sharing: { readonly [over in TopologyDomain]: string } = {
  node: 'on a node',
  zone: 'in a zone',
  rack: 'in a rack',
};

export function demandInWords(demand: Demand): string {
  switch (demand.kind) {
    case 'ready-endpoints':
      return `never fewer than ${counted(demand.atLeast, `${demand.of ?? 'ready'} endpoint`)}`;
    case 'recovery':
      return `recovered within ${plainSeconds(demand.withinMs)} of the first loss`;
    case 'evictions-refused':
      return `at least ${counted(demand.atLeast, 'eviction')} refused`;
    case 'evictions-allowed':
      return `at most ${counted(demand.atMost, 'eviction')} allowed`;
    case 'unschedulable':
      return `at least ${counted(demand.atLeast, 'pod')} not scheduled: ${demand.because}`;
    case 'running-at-end':
      return `at least ${counted(demand.atLeast, 'replica')}${demand.revision === undefined ? '' : ` of the ${demand.revision} revision`} ready at the end`;
    case 'together':
      return `never more than ${counted(demand.atMost, 'replica')} ${sharing[demand.over]}`;
    case 'added-latency':
      return `answers at most ${demand.atMostMs} ms slower at p${demand.percentile} than in the baseline`;
    case 'margin':
      return `at least ${plainSeconds(demand.atLeastMs)} to spare ${podMarginWords[demand.of].span}`;
  }
}

/** `95 % sure that at most 5 % of all rollouts are bad`. */
export const claimInWords = ({ confidence, share }: Claim, noun: string): string =>
  `${percent(confidence, 3)} sure that at most ${percent(share, 3)} of all ${noun}s are bad`;

/** `minAvailable 2`, `maxUnavailable 30%`. */
export const budgetInWords = (budget: BudgetLimit): string =>
  'minAvailable' in budget ? `minAvailable ${budget.minAvailable}` : `maxUnavailable ${budget.maxUnavailable}`;

/** `3 of 3 pods, 144 kept-alive connections, 210 requests in the risky second`. */
export function exposureInWords({ pods, exposed, connections, requests, riskyMs }: ArmExposure): string {
  const seconds = (riskyMs / 1000).toFixed(1);
  const when = Number(seconds) > 1 ? `${seconds} risky seconds` : 'the risky second';
  return [
    `${count(exposed)} of ${counted(pods, 'pod')}`,
    ...(connections === undefined ? [] : [counted(connections, 'kept-alive connection')]),
    `${counted(requests, 'request')} in ${when}`,
  ].join(', ');
}
