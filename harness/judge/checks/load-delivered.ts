import { count } from '../../model/number-words.ts';
import type { ArmPlan } from '../../model/plan.ts';
import { type Ms, microsToMs } from '../../model/units.ts';
import type { GeneratorLoad } from '../evidence/load.ts';
import { plannedRate } from '../measures/planned-rate.ts';
import type { Check } from './check.ts';

const deliveredShare = 0.99;

/** The generators sent the planned load and recorded all of it. Lateness is judged by `machine-could-measure`. */
export const loadDelivered: Check = {
  id: 'load-delivered',
  ask(evidence) {
    const { plan, phases, generators } = evidence;
    const expected = `none dropped, and ${deliveredShare * 100} % of the rate`;
    const judgedMs = microsToMs(phases.tail.to - phases.baseline.from);
    const planned = (['fresh', 'kept-alive'] as const).filter((conn) => plannedRate(plan, conn) > 0);
    const absent = planned
      .filter((conn) => !generators.some(({ header }) => header?.conn === conn))
      .map((conn) => `no requests on ${conn} connections`);
    const doubts = [...absent, ...generators.flatMap((load) => doubtsOf(load, plan, judgedMs))];
    if (doubts.length === 0) return { verdict: 'pass', expected, measured: measured(generators) };
    return {
      verdict: 'inconclusive',
      expected,
      measured: doubts.join('; '),
      evidence: doubts.map((text) => ({ text })),
    };
  },
};

const measured = (generators: readonly GeneratorLoad[]): string =>
  generators
    .map((load) => {
      const { total, dropped, lateP99Ms } = load.counts();
      const onTime = load.closed ? 'closed load without due times' : `99 % within ${lateP99Ms.toFixed(1)} ms`;
      return `${load.gen} ${count(total)} sent, ${dropped} dropped, ${onTime}`;
    })
    .join('; ');

function doubtsOf(load: GeneratorLoad, plan: ArmPlan, judgedMs: Ms): string[] {
  const { gen, header, footer } = load;
  const doubts: string[] = [];
  if (!header) return [`${gen}: its requests cannot be read${load.lacking === undefined ? '' : `: ${load.lacking}`}`];
  const rate = plannedRate(plan, header.conn);
  const promised = (rate * judgedMs) / 1000;
  if (!footer) doubts.push('its file was cut off');
  else if (footer.rows !== load.rows)
    doubts.push(`${count(load.rows)} rows, and its footer says ${count(footer.rows)}`);
  else if (footer.httpReqs !== load.requests)
    doubts.push(`${count(load.requests)} requests have rows, and k6 counted ${count(footer.httpReqs)}`);
  else if (footer.httpReqsFailed !== null && footer.httpReqsFailed !== load.requestsFailed)
    doubts.push(`${count(load.requestsFailed)} requests failed, and k6 counted ${count(footer.httpReqsFailed)}`);
  if (footer && footer.droppedIterations > 0) doubts.push(`${count(footer.droppedIterations)} dropped`);
  if (load.twice > 0) doubts.push(`${count(load.twice)} requests are recorded twice`);
  if (load.attemptsMissing > 0) doubts.push(`${count(load.attemptsMissing)} attempts have no row`);
  if (load.missing > 0) doubts.push(`${count(load.missing)} numbered requests have no row`);
  if (header.conn === 'fresh' && load.reused > 0)
    doubts.push(`${count(load.reused)} fresh requests used a connection again`);
  // A closed load promises no rate. Another check compares it with the plan.
  if (load.closed) return doubts.map((text) => `${gen}: ${text}`);
  if (header.ratePerSecond !== rate) doubts.push(`sent ${header.ratePerSecond ?? 'no rate'}/s, planned ${rate}/s`);
  if (load.total < promised * deliveredShare) doubts.push(`sent ${count(load.total)} of ${count(promised)}`);
  return doubts.map((text) => `${gen}: ${text}`);
}
