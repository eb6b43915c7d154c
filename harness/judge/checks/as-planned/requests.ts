import type { EvidenceLine } from '../../../model/finding.ts';
import { longestPause } from '../../../model/machine-limits.ts';
import { count, counted, exactSeconds } from '../../../model/number-words.ts';
import { type Connection, type Request, sentAt } from '../../../model/request.ts';
import { type Ms, microsToMs, msToMicros } from '../../../model/units.ts';
import type { ArmEvidence } from '../../arm/arm-evidence.ts';
import type { GeneratorLoad } from '../../evidence/load.ts';
import { plannedRate } from '../../measures/planned-rate.ts';

const connections: readonly Connection[] = ['fresh', 'kept-alive'];

/** A client may notice its timeout this late: 22 ms were measured. */
const noticesWithin: Ms = 1000;

/** The share of a phase’s planned requests that must have been sent. */
const deliveredShare = 0.99;

/**
 * Checks that only the planned generators ran, and that their rows follow the plan and do not contradict themselves.
 */
export function requestsAsPlanned(evidence: ArmEvidence): EvidenceLine[] {
  const { plan, generators } = evidence;
  if (!plan.traffic) return [];
  const planned = connections.filter((conn) => plannedRate(plan, conn) > 0);
  const known = generators.filter(({ header }) => header !== undefined);
  const lines: EvidenceLine[] = [];
  for (const conn of planned) {
    const own = known.filter(({ header }) => header?.conn === conn);
    if (own.length !== 1) lines.push({ text: `${counted(own.length, 'generator')} on ${conn} connections` });
  }
  for (const { gen, header } of known)
    if (header && !planned.includes(header.conn))
      lines.push({ text: `${gen}: no requests on ${header.conn} connections were planned` });
  return [...lines, ...known.flatMap((load) => [...againstThePlan(load, evidence), ...againstThemselves(load)])];
}

/**
 * How long the generator sent nothing around this request. A paused generator notices a timeout only when it continues,
 * and finds an answer first that came meanwhile. The pause itself is judged by `machine-could-measure`.
 */
const stoodStillFor = ({ sent, header }: GeneratorLoad, request: Request, { plan, phases }: ArmEvidence): Ms => {
  const [from, to] = [sentAt(request), request.end];
  const isJudged = from >= phases.baseline.from && to <= phases.tail.to;
  const { ms } = sent.longestGap({ from, to });
  return isJudged && header && ms > longestPause(plannedRate(plan, header.conn)) ? ms : 0;
};

function againstThePlan(load: GeneratorLoad, evidence: ArmEvidence): EvidenceLine[] {
  const { gen, header, rules, closed } = load;
  const { plan } = evidence;
  const { traffic, phases } = plan;
  if (!header || !traffic) return [];
  const lines: EvidenceLine[] = [];
  if (header.timeoutMs !== traffic.timeoutMs)
    lines.push({
      text: `${gen}: waited ${exactSeconds(header.timeoutMs)} for an answer, planned ${exactSeconds(traffic.timeoutMs)}`,
    });
  if (closed)
    lines.push({
      text: `${gen}: planned ${plannedRate(plan, header.conn)}/s, and the load was closed: no request has a due time`,
    });
  const { longest } = rules;
  const longestMs = longest ? microsToMs(longest.end - sentAt(longest)) : 0;
  const stood = longest ? stoodStillFor(load, longest, evidence) : 0;
  if (longest && longestMs - stood > traffic.timeoutMs + noticesWithin)
    lines.push({
      at: longest.start,
      text: `${longest.id} took ${exactSeconds(longestMs)}, longer than a client waits`,
    });
  const rate = plannedRate(evidence.plan, header.conn);
  const least = { baseline: phases.baselineMs, fault: phases.quietMs, tail: phases.tailMs };
  for (const phase of ['baseline', 'fault', 'tail'] as const) {
    const promised = (rate * least[phase]) / 1000;
    // A request at the edge may be in either phase.
    if (rules.sent[phase] < promised * deliveredShare - 1)
      lines.push({
        text: `${gen}: ${count(rules.sent[phase])} of ${count(promised)} planned requests in the ${phase}`,
      });
  }
  return lines;
}

function againstThemselves({ gen, footer, rules }: GeneratorLoad): EvidenceLine[] {
  const odd = (
    { count: many, first }: { readonly count: number; readonly first: Request | undefined },
    what: string,
  ): EvidenceLine[] =>
    first ? [{ at: first.start, text: `${gen}: ${counted(many, 'row')} ${what}, first ${first.id}` }] : [];
  const { last } = rules;
  const after = footer && last && last.end > footer.end + msToMicros(1) ? last : undefined;
  return [
    ...odd(rules.contradictory, 'with a code that status, pod or error contradict'),
    ...odd(rules.offSchedule, 'off the schedule of rate and number'),
    ...odd(rules.sentEarly, 'sent before they were due'),
    ...(after ? [{ at: after.end, text: `${after.id} ended after its generator` }] : []),
  ];
}
