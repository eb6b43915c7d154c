import type { EvidenceLine } from '../../model/finding.ts';
import type { ArmPlan } from '../../model/plan.ts';
import { type Ms, microsToMs } from '../../model/units.ts';
import type { ArmEvidence } from '../evidence/arm-evidence.ts';
import type { GeneratorLoad } from '../evidence/load.ts';
import { count, secondsInWords } from '../words.ts';
import type { Check } from './check.ts';
import { plannedRate } from './planned-rate.ts';

const lateLimitMs: Ms = 50;
const deliveredShare = 0.99;
/** In 83 arms of a real cluster, on a machine that was busy with two of them, the longest pause of a generator was 0.12 s. */
const pauseLimitMs: Ms = 250;
/** What that many requests take is no pause of a generator that sends few. */
const pauseInRequests = 10;

interface Doubt extends EvidenceLine {
  /** It showed in the baseline already, so no fault brought it about. */
  readonly inBaseline: boolean;
}

/** The generators sent what was promised, on time, and recorded all of it. */
export const loadDelivered: Check = {
  name: 'the load was delivered',
  ask(evidence) {
    const { plan, phases, generators } = evidence;
    const expected = `none dropped, ${deliveredShare * 100} % of the rate, 99 % sent within ${lateLimitMs} ms, no pause`;
    const judgedMs = microsToMs(phases.tail.to - phases.baseline.from);
    const planned = (['fresh', 'kept-alive'] as const).filter((conn) => plannedRate(plan, conn) > 0);
    const absent = planned
      .filter((conn) => !generators.some(({ header }) => header?.conn === conn))
      .map((conn): Doubt => ({ text: `no requests on ${conn} connections`, inBaseline: false }));
    const doubts = [
      ...absent,
      ...generators.flatMap((load) => [...doubtsOf(load, plan, judgedMs), ...pauses(load, evidence)]),
    ];
    if (doubts.length === 0) return { verdict: 'pass', expected, measured: measured(generators) };
    return {
      verdict: 'inconclusive',
      expected,
      measured: doubts.map(({ text }) => text).join('; '),
      evidence: [...doubts.map(({ inBaseline: _, ...line }) => line), ...hostEvidence(evidence)],
      since: doubts.every(({ inBaseline }) => inBaseline) ? phases.baseline.from : undefined,
    };
  },
};

const measured = (generators: readonly GeneratorLoad[]): string =>
  generators
    .map((load) => {
      const { total, dropped, lateP99Ms } = load.counts();
      return `${load.gen} ${count(total)} sent, ${dropped} dropped, 99 % within ${lateP99Ms.toFixed(1)} ms`;
    })
    .join('; ');

function doubtsOf(load: GeneratorLoad, plan: ArmPlan, judgedMs: Ms): Doubt[] {
  const { gen, header, footer } = load;
  const doubts: string[] = [];
  if (!header) return [{ text: `${gen}: its requests cannot be read`, inBaseline: false }];
  const rate = plannedRate(plan, header.conn);
  const promised = (rate * judgedMs) / 1000;
  const late = load.late.quantile(0.99);
  if (!footer) doubts.push('its file was cut off');
  else if (footer.rows !== load.rows)
    doubts.push(`${count(load.rows)} rows, and its footer says ${count(footer.rows)}`);
  else if (footer.httpReqs !== load.rows)
    doubts.push(`${count(load.rows)} rows, and k6 counted ${count(footer.httpReqs)}`);
  else if ((footer.httpReqsFailed ?? load.rowsFailed) !== load.rowsFailed)
    doubts.push(`${count(load.rowsFailed)} rows failed, and k6 counted ${count(footer.httpReqsFailed ?? 0)}`);
  if (footer && footer.droppedIterations > 0) doubts.push(`${count(footer.droppedIterations)} dropped`);
  if (load.twice > 0) doubts.push(`${count(load.twice)} requests are recorded twice`);
  if (load.missing > 0) doubts.push(`${count(load.missing)} numbered requests have no row`);
  if (header.conn === 'fresh' && load.reused > 0)
    doubts.push(`${count(load.reused)} fresh requests used a connection again`);
  if (header.ratePerSecond !== rate) doubts.push(`sent ${header.ratePerSecond}/s, planned ${rate}/s`);
  if (load.total < promised * deliveredShare) doubts.push(`sent ${count(load.total)} of ${count(promised)}`);
  const found = doubts.map((text): Doubt => ({ text: `${gen}: ${text}`, inBaseline: false }));
  if (late > lateLimitMs) {
    const inBaseline = load.lateInBaseline.quantile(0.99) > lateLimitMs;
    found.push({ text: `${gen}: 99 % sent within ${late.toFixed(1)} ms`, inBaseline });
  }
  return found;
}

/** A time in which nothing was sent cannot show that nothing was lost. */
function pauses({ gen, header, sent }: GeneratorLoad, { plan, phases }: ArmEvidence): Doubt[] {
  if (!header) return [];
  const limit = Math.max(pauseLimitMs, (pauseInRequests * 1000) / plannedRate(plan, header.conn));
  const longest = sent.longestGap({ from: phases.baseline.from, to: phases.tail.to });
  if (longest.ms <= limit) return [];
  const inBaseline = sent.longestGap(phases.baseline).ms > limit;
  return [{ at: longest.at, text: `${gen}: sent nothing for ${secondsInWords(longest.ms)}`, inBaseline }];
}

/** What the machine was doing meanwhile: a starved generator is late. */
function hostEvidence({ clock: { loopDelay, steal, busy } }: ArmEvidence): EvidenceLine[] {
  const lines: EvidenceLine[] = [];
  if (loopDelay)
    lines.push({ at: loopDelay.at, text: `the harness's own event loop was held up ${loopDelay.value.toFixed(0)} ms` });
  if (steal)
    lines.push({ at: steal.at, text: `at most ${(steal.value * 100).toFixed(0)} % of the CPU time was stolen` });
  if (busy) lines.push({ at: busy.at, text: `at most ${(busy.value * 100).toFixed(0)} % of the CPU time was used` });
  return lines;
}
