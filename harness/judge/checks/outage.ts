import type { Expectation } from '../../model/experiment.ts';
import { expectationInWords } from '../../model/in-words.ts';
import { type Micros, msToMicros } from '../../model/units.ts';
import type { Verdict } from '../../model/verdict.ts';
import { ruleLag } from '../attribution/route.ts';
import { type ArmEvidence, type Failure, zeroOf } from '../evidence/arm-evidence.ts';
import { between, count, counted } from '../words.ts';
import type { Check } from './check.ts';
import { byCauseInWords, firstInWords } from './failed-requests.ts';

/** A time in which requests were sent and none was answered. */
interface Silence {
  /** The first request of it, and the last: for so long nobody answered. */
  readonly from: Micros;
  readonly to: Micros;
  /** From the last request before it that was answered to the first one after it. */
  readonly atMost: Micros;
}

/** Of requests that are answered by chance, several in a row may fail; this is no chance. */
const shortest = msToMicros(500);

/** The longest silence from the fault on; undefined where there was none that is worth the name. */
export function longestSilence({ failures, answered, phases }: ArmEvidence): Silence | undefined {
  const starts = failures.map(({ request }) => request.start).filter((start) => start >= phases.fault.from);
  const [first] = starts;
  if (first === undefined) return undefined;
  let [from, before] = [first, first];
  let longest = { from, to: from };
  for (const start of starts) {
    if (answered.any(before, start)) from = start;
    before = start;
    if (start - from > longest.to - longest.from) longest = { from, to: start };
  }
  const atMost = answered.after(longest.to) - answered.before(longest.from);
  return atMost >= shortest ? { ...longest, atMost } : undefined;
}

const silenceInWords = (silence: Silence | undefined, zero: Micros): string =>
  silence
    ? `no answer for ${between(silence.from, silence.to)} (at most ${between(0, silence.atMost)}), from ${between(zero, silence.from)} after the fault on`
    : `never without an answer for ${between(0, shortest)}`;

/** Nobody answered for so long: the arm shows that it can see an outage. */
export const nobodyAnswered = (
  name: string,
  expect: Extract<Expectation, { kind: 'outage' }>,
  otherwise: Verdict,
): Check => ({
  name,
  ask(evidence) {
    const silence = longestSilence(evidence);
    const of = evidence.failures.filter(({ cause }) => expect.causes.includes(cause));
    const long = silence !== undefined && silence.to - silence.from >= msToMicros(expect.atLeastMs);
    const words = `${silenceInWords(silence, zeroOf(evidence))}; ${counted(evidence.failures.length, 'failed request')}: ${byCauseInWords(evidence.failures)}`;
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

/** Requests fail for the causes that are expected, never all of them for a second, and never too many at once. */
export const boundedLoss = (
  name: string,
  expect: Extract<Expectation, { kind: 'bounded-loss' }>,
  otherwise: Verdict,
): Check => ({
  name,
  ask(evidence) {
    const { failures, buckets, phases } = evidence;
    const gone = rulesGone(evidence);
    const allowed = ({ cause, request }: Failure) =>
      (request.start <= gone ? [...expect.causes, ...expect.afterwards] : expect.afterwards).includes(cause);
    // One of which nobody knows why it failed may be one of those that are expected. Later none is.
    const isOpen = ({ cause, request }: Failure) => cause === 'unattributed' && request.start <= gone;
    const open = failures.filter(isOpen);
    const others = failures.filter((failure) => !allowed(failure) && !isOpen(failure));
    const silence = longestSilence(evidence);
    const silent = silence !== undefined && silence.to - silence.from >= silenceAllowed;
    const maybeSilent = silence !== undefined && silence.atMost >= silenceAllowed;
    const worst = buckets.worstShare(phases.fault.from, expect.windowMs);
    const broken = [
      ...(others.length > 0
        ? [`${counted(others.length, 'request')} failed otherwise: ${byCauseInWords(others)}`]
        : []),
      ...(silent ? [silenceInWords(silence, zeroOf(evidence))] : []),
      ...(worst.share > expect.shareAtMost
        ? [`${Math.round(worst.share * 100)} % failed within ${expect.windowMs / 1000} s`]
        : []),
    ];
    const doubts = [
      ...(open.length > 0 ? ['Some may have failed otherwise: nobody knows why'] : []),
      ...(maybeSilent ? ['Too few were sent to tell'] : []),
    ];
    const words = `${count(failures.length)} failed requests${failures.length > 0 ? ` (${byCauseInWords(failures)})` : ''}, at most ${Math.round(worst.share * 100)} % in any ${expect.windowMs / 1000} s, ${silenceInWords(silence, zeroOf(evidence))}`;
    return {
      verdict: broken.length > 0 ? otherwise : doubts.length > 0 ? 'inconclusive' : 'pass',
      expected: expectationInWords(expect),
      measured: broken.length > 0 ? broken.join('; ') : [words, ...doubts].join('. '),
      evidence: firstInWords([...others, ...open]),
    };
  },
});
