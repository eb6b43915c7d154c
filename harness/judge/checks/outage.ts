import type { CheckId } from '../../model/checks.ts';
import type { Expectation } from '../../model/experiment.ts';
import type { ArmStory } from '../../model/finding.ts';
import { expectationInWords } from '../../model/in-words.ts';
import { between, count, counted, wholePercent } from '../../model/number-words.ts';
import { type Micros, msToMicros } from '../../model/units.ts';
import type { Verdict } from '../../model/verdict.ts';
import { type ArmEvidence, type Failure, zeroOf } from '../arm/arm-evidence.ts';
import { ruleLag } from '../attribution/route.ts';
import type { KindOfTraffic } from '../evidence/kind-of-traffic.ts';
import type { Check } from './check.ts';
import { byCauseInWords, firstInWords } from './failed-requests.ts';
import { notCountedInWords, whyNotCounted } from './failures-that-count.ts';

/** A time in which requests were sent and none was answered. */
export interface Silence {
  /** The time of the first failed request. `to` is that of the last one. */
  readonly from: Micros;
  readonly to: Micros;
  /** From the last answered request before it to the first one after it. */
  readonly atMost: Micros;
  /** How many requests failed in it. */
  readonly requests: number;
}

/** If some requests are answered by chance, several in a row may fail. A longer silence is not chance. */
const shortest = msToMicros(500);

type Answered = Pick<ArmEvidence, 'answered'>;

/**
 * The longest time from the fault on in which these requests failed and none was answered; undefined if it is too
 * short.
 */
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

/** The longest silence of each kind of connection. */
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

/** The silences of single kinds that are much longer than the silence of all requests together. */
function silencesAlone(evidence: ArmEvidence, overall: Silence | undefined) {
  const least = overall ? lasts(overall) + muchLonger : 0;
  return silencesByKind(evidence.failures, evidence).filter(({ silence }) => lasts(silence) >= least);
}

/** The longest silence of all requests, or of one kind of connection if its silence is much longer. */
export function worstSilence(evidence: ArmEvidence): ArmStory['silence'] {
  const overall = longestSilence(evidence.failures, evidence);
  const [alone] = silencesAlone(evidence, overall).sort((one, other) => lasts(other.silence) - lasts(one.silence));
  if (alone) return { from: alone.silence.from, to: alone.silence.to, conn: alone.kind.conn };
  return overall && { from: overall.from, to: overall.to };
}

const lasts = ({ from, to }: Silence): Micros => to - from;

const oneSilenceInWords = (silence: Silence | undefined, zero: Micros): string =>
  silence
    ? `no answer for ${between(silence.from, silence.to)} (at most ${between(0, silence.atMost)}), from ${between(zero, silence.from)} after the fault on`
    : `never without an answer for ${between(0, shortest)}`;

const muchLonger = msToMicros(1000);

function silenceInWords(evidence: ArmEvidence): string {
  const zero = zeroOf(evidence);
  const overall = longestSilence(evidence.failures, evidence);
  const words = silencesAlone(evidence, overall).map(
    ({ kind, silence }) => `on ${kind.conn} connections ${oneSilenceInWords(silence, zero)}`,
  );
  const all = oneSilenceInWords(overall, zero);
  return words.length === 0 ? all : `${words.join(', ')}, on all connections together ${all}`;
}

/** No request was answered for long enough, so the arm can detect an outage. */
export const outageAsExpected = (
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
/** If half of the requests may fail, this many in a row fail by chance once in a million. */
const tellInARow = 20;
/** How far the failed share of `requests` may exceed the allowed share by chance: five standard deviations. */
const byChance = (share: number) => (requests: number) => 5 * Math.sqrt((share * (1 - share)) / requests);

type Bounds = Extract<Expectation, { kind: 'bounded-loss' }>;

/** The bounds that these failures exceed, in words, and why they may exceed a bound. */
function brokenBy(
  failures: readonly Failure[],
  evidence: ArmEvidence,
  { bounds, gone }: { readonly bounds: Bounds; readonly gone: Micros },
) {
  const { phases, kinds } = evidence;
  const zero = zeroOf(evidence);
  const allowed = ({ cause, request }: Failure) =>
    (request.start <= gone ? [...bounds.causes, ...bounds.afterwards] : bounds.afterwards).includes(cause);
  // An unattributed failure may have an expected cause, until the rules to a lost node are gone.
  const isOpen = ({ cause, request }: Failure) => cause === 'unattributed' && request.start <= gone;
  const open = failures.filter(isOpen);
  const others = failures.filter((failure) => !allowed(failure) && !isOpen(failure));
  const buckets = evidence.buckets.withFailures(failures.map(({ request }) => request.start));
  const worst = buckets.worstShare(phases.fault.from, bounds.windowMs);
  const silence = longestSilence(failures, evidence);
  // If a kind sends few requests, a few fail in a row by chance, over however long a time.
  const alone = silencesByKind(failures, evidence).filter((each) => each.silence.requests >= tellInARow);
  const tooMany = kinds.flatMap((kind) => {
    const own = failures.filter(({ request }) => request.conn === kind.conn).map(({ request }) => request.start);
    const found = kind.buckets
      .withFailures(own)
      .worstShare(phases.fault.from, bounds.windowMs, byChance(bounds.shareAtMost));
    return found.beyondChance > bounds.shareAtMost
      ? [`${wholePercent(found.share)} of those on ${kind.conn} connections`]
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
      ? [`${wholePercent(worst.share)} ${within}`]
      : tooMany.map((words) => `${words} ${within}`)),
  ];
  const doubts = [
    ...(open.length > 0 ? ['Some may have failed for another reason: their cause is unknown'] : []),
    ...([silence, ...alone.map((each) => each.silence)].some((each) => each && each.atMost >= silenceAllowed)
      ? ['Too few were sent to tell']
      : []),
  ];
  return { broken, doubts, worst, shown: [...others, ...open] };
}

/**
 * Requests fail only for the expected causes, never all for a full second, and never more than the allowed share at
 * once: among all requests, and among those of each kind of connection. Failures that say nothing about the workload
 * exceed no bound, but make the arm inconclusive.
 */
export const boundedLoss = (id: CheckId, bounds: Bounds, otherwise: Verdict): Check => ({
  id,
  ask(evidence) {
    const { failures } = evidence;
    const limits = { bounds, gone: rulesGone(evidence) };
    const whyNot = whyNotCounted(evidence);
    const telling = failures.filter((failure) => failure.cause !== 'generator-fault' && whyNot(failure) === undefined);
    const all = brokenBy(failures, evidence, limits);
    const isBroken = telling.length > 0 && brokenBy(telling, evidence, limits).broken.length > 0;
    const expected = expectationInWords(bounds);
    const lines = firstInWords(all.shown);
    if (all.broken.length > 0) {
      const because = isBroken ? '' : notCountedInWords(failures, whyNot);
      const measured = [all.broken.join('; '), ...(because === '' ? [] : [because])].join('. ');
      return { verdict: isBroken ? otherwise : 'inconclusive', expected, measured, evidence: lines };
    }
    const words = `${count(failures.length)} failed requests${failures.length > 0 ? ` (${byCauseInWords(failures)})` : ''}, at most ${wholePercent(all.worst.share)} in any ${bounds.windowMs / 1000} s, ${silenceInWords(evidence)}`;
    return {
      verdict: all.doubts.length > 0 ? 'inconclusive' : 'pass',
      expected,
      measured: [words, ...all.doubts].join('. '),
      evidence: lines,
    };
  },
});
