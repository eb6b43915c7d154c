import type { CheckId } from '../../model/checks.ts';
import type { Expectation } from '../../model/experiment.ts';
import type { ArmStory } from '../../model/finding.ts';
import { expectationInWords } from '../../model/in-words.ts';
import { type Micros, msToMicros } from '../../model/units.ts';
import type { Verdict } from '../../model/verdict.ts';
import { between, count, counted } from '../../model/words.ts';
import { type ArmEvidence, type Failure, zeroOf } from '../arm/arm-evidence.ts';
import { ruleLag } from '../attribution/route.ts';
import type { KindOfTraffic } from '../evidence/kind-of-traffic.ts';
import type { Check } from './check.ts';
import { byCauseInWords, firstInWords } from './failed-requests.ts';
import { notTellingInWords, whyNotTelling } from './telling.ts';

/** A time in which requests were sent and none was answered. */
export interface Silence {
  /** The first request of it, and the last: for so long nobody answered. */
  readonly from: Micros;
  readonly to: Micros;
  /** From the last request before it that was answered to the first one after it. */
  readonly atMost: Micros;
  /** How many requests failed in it. */
  readonly requests: number;
}

/** Of requests that are answered by chance, several in a row may fail; this is no chance. */
const shortest = msToMicros(500);

type Answered = Pick<ArmEvidence, 'answered'>;

/** The longest time from the fault on in which these failed, and none was answered; undefined if none is worth the name. */
export function longestSilence(
  failures: readonly Failure[],
  { answered, phases }: Answered & Pick<ArmEvidence, 'phases'>,
): Silence | undefined {
  const starts = failures.map(({ request }) => request.start).filter((start) => start >= phases.fault.from);
  const [first] = starts;
  if (first === undefined) return undefined;
  let [from, before, many] = [first, first, 0];
  let longest = { from, to: from, requests: 0 };
  for (const start of starts) {
    if (answered.any(before, start)) [from, many] = [start, 0];
    before = start;
    many += 1;
    if (start - from > longest.to - longest.from || longest.requests === 0)
      longest = { from, to: start, requests: many };
  }
  const atMost = answered.after(longest.to) - answered.before(longest.from);
  return atMost >= shortest ? { ...longest, atMost } : undefined;
}

/** The same on connections of each kind that had one. */
function silencesByKind(
  failures: readonly Failure[],
  { kinds, phases }: ArmEvidence,
): { readonly kind: KindOfTraffic; readonly silence: Silence }[] {
  return kinds.flatMap((kind) => {
    const own = failures.filter(({ request }) => request.conn === kind.conn);
    const silence = longestSilence(own, { answered: kind.answered, phases });
    return silence ? [{ kind, silence }] : [];
  });
}

/** Those that one kind had alone, for so much longer than all requests together that they are worth a word. */
function silencesAlone(evidence: ArmEvidence, together: Silence | undefined) {
  const least = together ? lasts(together) + muchLonger : 0;
  return silencesByKind(evidence.failures, evidence).filter(({ silence }) => lasts(silence) >= least);
}

/** The longest silence of all requests, or of those on connections of one kind that had a much longer one. */
export function worstSilence(evidence: ArmEvidence): ArmStory['silence'] {
  const together = longestSilence(evidence.failures, evidence);
  const [alone] = silencesAlone(evidence, together).sort((one, other) => lasts(other.silence) - lasts(one.silence));
  if (alone) return { from: alone.silence.from, to: alone.silence.to, conn: alone.kind.conn };
  return together && { from: together.from, to: together.to };
}

const lasts = ({ from, to }: Silence): Micros => to - from;

const oneSilenceInWords = (silence: Silence | undefined, zero: Micros): string =>
  silence
    ? `no answer for ${between(silence.from, silence.to)} (at most ${between(0, silence.atMost)}), from ${between(zero, silence.from)} after the fault on`
    : `never without an answer for ${between(0, shortest)}`;

const muchLonger = msToMicros(1000);

function silenceInWords(evidence: ArmEvidence): string {
  const zero = zeroOf(evidence);
  const together = longestSilence(evidence.failures, evidence);
  const words = silencesAlone(evidence, together).map(
    ({ kind, silence }) => `on ${kind.conn} connections ${oneSilenceInWords(silence, zero)}`,
  );
  const all = oneSilenceInWords(together, zero);
  return words.length === 0 ? all : `${words.join(', ')}, on all connections together ${all}`;
}

/** Nobody answered for so long: the arm shows that it can see an outage. */
export const nobodyAnswered = (
  id: CheckId,
  expect: Extract<Expectation, { kind: 'outage' }>,
  otherwise: Verdict,
): Check => ({
  id,
  ask(evidence) {
    const silence = longestSilence(evidence.failures, evidence);
    const of = evidence.failures.filter(({ cause }) => expect.causes.includes(cause));
    const long = silence !== undefined && silence.to - silence.from >= msToMicros(expect.atLeastMs);
    const words = `${silenceInWords(evidence)}; ${counted(evidence.failures.length, 'failed request')}: ${byCauseInWords(evidence.failures)}`;
    const holds = long && of.length > 0;
    return {
      verdict: holds ? 'pass' : otherwise,
      expected: expectationInWords(expect),
      measured: words,
    };
  },
});

/** When the last rule to a pod on a lost node can have been gone. */
function rulesGone({ plan, timeline, landings }: ArmEvidence): Micros {
  const lost = new Set(plan.disruptions.flatMap(({ id }) => landings.of(id)?.nodes ?? []));
  const ends = [...timeline.pods.values()]
    .filter(({ node }) => lost.has(node))
    .flatMap(({ endpoint }) => endpoint.spans().filter(({ state }) => state === 'ready' || state === 'serving'))
    .flatMap(({ to }) => (to === undefined ? [] : [to]));
  return Math.max(zeroOf({ timeline, phases: timeline.phases.times(timeline.last) }), ...ends) + ruleLag;
}

const silenceAllowed = msToMicros(1000);
/** Of requests of which half may fail, so many in a row fail by chance once in a million. */
const tellInARow = 20;
/** How far a share of `requests` may be above what is allowed by chance: five standard deviations. */
const byChance = (share: number) => (requests: number) => 5 * Math.sqrt((share * (1 - share)) / requests);

type Bounds = Extract<Expectation, { kind: 'bounded-loss' }>;

/** Which bounds these failures break, in words; and why it may be that they break one. */
function brokenBy(
  failures: readonly Failure[],
  evidence: ArmEvidence,
  { bounds, gone }: { readonly bounds: Bounds; readonly gone: Micros },
) {
  const { phases, kinds } = evidence;
  const zero = zeroOf(evidence);
  const allowed = ({ cause, request }: Failure) =>
    (request.start <= gone ? [...bounds.causes, ...bounds.afterwards] : bounds.afterwards).includes(cause);
  // One of which nobody knows why it failed may be one of those that are expected. Later none is.
  const isOpen = ({ cause, request }: Failure) => cause === 'unattributed' && request.start <= gone;
  const open = failures.filter(isOpen);
  const others = failures.filter((failure) => !allowed(failure) && !isOpen(failure));
  const buckets = evidence.buckets.withFailures(failures.map(({ request }) => request.start));
  const worst = buckets.worstShare(phases.fault.from, bounds.windowMs);
  const silence = longestSilence(failures, evidence);
  // Few in a row fail by chance, for however long of a kind that sends few.
  const alone = silencesByKind(failures, evidence).filter((each) => each.silence.requests >= tellInARow);
  const tooMany = kinds.flatMap((kind) => {
    const own = failures.filter(({ request }) => request.conn === kind.conn).map(({ request }) => request.start);
    const found = kind.buckets
      .withFailures(own)
      .worstShare(phases.fault.from, bounds.windowMs, byChance(bounds.shareAtMost));
    return found.beyondChance > bounds.shareAtMost
      ? [`${inPercent(found.share)} of those on ${kind.conn} connections`]
      : [];
  });
  const within = `failed within ${bounds.windowMs / 1000} s`;
  const broken = [
    ...(others.length > 0 ? [`${counted(others.length, 'request')} failed otherwise: ${byCauseInWords(others)}`] : []),
    ...(silence && lasts(silence) >= silenceAllowed ? [oneSilenceInWords(silence, zero)] : []),
    ...alone
      .filter(({ silence: own }) => lasts(own) >= silenceAllowed && !(silence && lasts(silence) >= silenceAllowed))
      .map(({ kind, silence: own }) => `on ${kind.conn} connections ${oneSilenceInWords(own, zero)}`),
    ...(worst.share > bounds.shareAtMost
      ? [`${inPercent(worst.share)} ${within}`]
      : tooMany.map((words) => `${words} ${within}`)),
  ];
  const doubts = [
    ...(open.length > 0 ? ['Some may have failed otherwise: nobody knows why'] : []),
    ...([silence, ...alone.map((each) => each.silence)].some((each) => each && each.atMost >= silenceAllowed)
      ? ['Too few were sent to tell']
      : []),
  ];
  return { broken, doubts, worst, shown: [...others, ...open] };
}

const inPercent = (share: number): string => `${Math.round(share * 100)} %`;

/**
 * Requests fail for the causes that are expected, never all of them for a second, and never too many at once: of all, and of
 * those on connections of each kind. Failures that tell nothing of the workload break no promise, and cost the pass.
 */
export const boundedLoss = (id: CheckId, bounds: Bounds, otherwise: Verdict): Check => ({
  id,
  ask(evidence) {
    const { failures } = evidence;
    const asked = { bounds, gone: rulesGone(evidence) };
    const whyNot = whyNotTelling(evidence);
    const telling = failures.filter((failure) => failure.cause !== 'generator-fault' && whyNot(failure) === undefined);
    const all = brokenBy(failures, evidence, asked);
    const isBroken = telling.length > 0 && brokenBy(telling, evidence, asked).broken.length > 0;
    const expected = expectationInWords(bounds);
    const lines = firstInWords(all.shown);
    if (all.broken.length > 0) {
      const because = isBroken ? '' : notTellingInWords(failures, whyNot);
      const measured = [all.broken.join('; '), ...(because === '' ? [] : [because])].join('. ');
      return { verdict: isBroken ? otherwise : 'inconclusive', expected, measured, evidence: lines };
    }
    const words = `${count(failures.length)} failed requests${failures.length > 0 ? ` (${byCauseInWords(failures)})` : ''}, at most ${inPercent(all.worst.share)} in any ${bounds.windowMs / 1000} s, ${silenceInWords(evidence)}`;
    return {
      verdict: all.doubts.length > 0 ? 'inconclusive' : 'pass',
      expected,
      measured: [words, ...all.doubts].join('. '),
      evidence: lines,
    };
  },
});
