import { isIP } from 'node:net';
import type { Cause } from '../../model/cause.ts';
import type { EventSource } from '../../model/event.ts';
import type { Phase } from '../../model/finding.ts';
import type { ArmPlan } from '../../model/plan.ts';
import { type Request, sentAt } from '../../model/request.ts';
import { type Micros, msToMicros } from '../../model/units.ts';
import type { ArmRecording } from '../../recording/arm-recording.ts';
import type { ClockOffsets } from '../../recording/clock-offsets.ts';
import type { DamageLog } from '../../recording/damage.ts';
import { limits } from '../../recording/limits.ts';
import { armFiles } from '../../recording/run-folder.ts';
import { attribute, attributeAlone } from '../attribution/attribute.ts';
import type { Attribution } from '../attribution/failure-case.ts';
import { Answers } from '../evidence/answers.ts';
import { Buckets } from '../evidence/buckets.ts';
import { ClientRules } from '../evidence/client-rules.ts';
import { type ClockDifferences, clockDifferences } from '../evidence/clock-differences.ts';
import { ClockFold } from '../evidence/clock-fold.ts';
import { Connections } from '../evidence/connections.ts';
import { DownNodeAnswers } from '../evidence/down-node-answers.ts';
import { ExposureFold, turnOf } from '../evidence/exposure-fold.ts';
import { hadAddress } from '../evidence/had-address.ts';
import { hostOf } from '../evidence/host-of.ts';
import { KindOfTraffic } from '../evidence/kind-of-traffic.ts';
import { GeneratorLoad } from '../evidence/load.ts';
import { LoggedRows } from '../evidence/logged-rows.ts';
import { MachineFold } from '../evidence/machine-fold.ts';
import { NodeTopology } from '../evidence/node-topology.ts';
import { OpenedRows } from '../evidence/opened-rows.ts';
import { pauses } from '../evidence/pauses.ts';
import { budgetsOfOtherPods } from '../evidence/planned-budgets.ts';
import { Ports } from '../evidence/ports.ts';
import { ServerLog } from '../evidence/server-log.ts';
import { SignsOfLife } from '../evidence/signs-of-life.ts';
import { StringPool } from '../evidence/string-pool.ts';
import { takenPods } from '../evidence/taken-pods.ts';
import { TimeBitmap } from '../evidence/time-bitmap.ts';
import { Uids } from '../evidence/uids.ts';
import { familyOf } from '../timeline/endpoints.ts';
import { Landings } from '../timeline/landings.ts';
import { type PhaseTimes, phaseAt } from '../timeline/phases.ts';
import { Timeline } from '../timeline/timeline.ts';

/** Everything that checks may ask about an arm: folds over its recording, and its failures with their causes. */
export interface ArmEvidence {
  readonly plan: ArmPlan;
  readonly damage: DamageLog;
  /** Watches that always run, but had reported nothing when the baseline began. */
  readonly unheard: readonly EventSource[];
  /** Whether every watch records regular signs of life. */
  readonly showsLife: boolean;
  /** Whether StatefulSets were watched. */
  readonly watchesStatefulSets: boolean;
  readonly timeline: Timeline;
  readonly landings: Landings;
  readonly topology: NodeTopology;
  readonly uids: Uids;
  readonly phases: PhaseTimes;
  readonly generators: readonly GeneratorLoad[];
  /** Conntrack’s connections and the pods’ logs, compared with all rows. */
  readonly opened: OpenedRows;
  readonly logged: LoggedRows;
  readonly signs: SignsOfLife;
  readonly connections: Connections;
  readonly serverLog: ServerLog;
  readonly answers: Answers;
  readonly ports: Ports;
  readonly rules: ClientRules;
  readonly clock: ClockFold;
  /** The clock offsets of other machines. */
  readonly offsets: ClockOffsets;
  readonly clockDifferences: ClockDifferences;
  readonly machine: MachineFold;
  /** In order of their start. */
  readonly failures: readonly Failure[];
  /**
   * The first attempts that clients gave up and retried without reporting it, with their causes, in order of their
   * start.
   */
  readonly retries: readonly Failure[];
  readonly buckets: Buckets;
  /** When the answered requests were sent. */
  readonly answered: TimeBitmap;
  readonly exposure: ExposureFold;
  readonly downNodeAnswers: DownNodeAnswers;
  /** The same folds for each kind of connection. */
  readonly kinds: readonly KindOfTraffic[];
}

/** Watches that always record an event before traffic starts. */
const watches = ['pod', 'endpointslice', 'node', 'k8s-event', 'lease', 'api-server'] as const;

/** At least one of these watches does, because the pods under test have an owner. */
const ownerWatches = ['deployment', 'statefulset'] as const;

/** The watches that always run, but have reported nothing until the baseline. */
function unheardWatches(
  recording: ArmRecording,
  heard: ReadonlyMap<EventSource, Micros>,
  baseline: Micros,
): EventSource[] {
  const isUnheard = (source: EventSource) => (heard.get(source) ?? Number.POSITIVE_INFINITY) > baseline;
  const owners = ownerWatches.filter((source) => recording.records(source));
  return [
    ...watches.filter((source) => recording.records(source) && isUnheard(source)),
    ...(owners.every(isUnheard) ? owners : []),
  ];
}

/** This many failures are attributed in a row. Then pending work, such as a signal, gets its turn. */
const failuresAtOnce = 256;

/** This many given-up attempts are kept and attributed; all are counted. */
const mostRetries = 10_000;

interface Failed {
  readonly request: Request;
  readonly phase: Phase;
  /** The client’s next attempt of the same request; absent for the last one. */
  readonly next?: Request;
}

/** A failed request and its cause. Most are only counted, so the rest of the attribution is computed on demand. */
export interface Failure extends Pick<Failed, 'request' | 'phase'>, Pick<Attribution, 'cause'> {
  why(): Attribution;
}

type Attribute = (request: Request, next: Request | undefined) => Attribution;

/** There may be a hundred thousand: a function for each would take more memory than all else that is kept of it. */
class AttributedFailure implements Failure {
  readonly request: Request;
  readonly phase: Phase;
  readonly cause: Cause;
  readonly #next: Request | undefined;
  readonly #attribute: Attribute;

  constructor({ request, phase, next }: Failed, attribute: Attribute) {
    this.request = request;
    this.phase = phase;
    this.#next = next;
    this.#attribute = attribute;
    this.cause = this.why().cause;
  }

  why(): Attribution {
    return this.#attribute(this.request, this.#next);
  }
}

/** Reads a recording once, as streams. It keeps only failures and bounded samples. */
export async function gather(recording: ArmRecording): Promise<ArmEvidence> {
  const { plan, damage } = recording;
  await recording.checkSeal();
  const { timeline, landings, topology, uids, heard, signs } = await readEvents(recording);
  const phases = judgedPhases(timeline, damage);
  const unheard = unheardWatches(recording, heard, phases.baseline.from);
  const judged = { from: phases.baseline.from, to: phases.tail.to };
  const buckets = new Buckets(judged);
  const answers = new Answers(judged.from);
  const answered = new TimeBitmap(judged);
  const ports = new Ports();
  const kinds = (['fresh', 'kept-alive'] as const).map((conn) => new KindOfTraffic(conn, judged));
  const exposure = new ExposureFold({ phases, timeline, taken: takenPods(timeline, phases), turn: turnOf(plan) });
  const downNodeAnswers = new DownNodeAnswers(timeline, phases);
  const folds = { phases, buckets, answers, answered, kinds, ports, exposure, downNodeAnswers };
  const { generators, failed, givenUp } = await readRequests(recording, folds);

  const target = targetOf(generators);
  if (isIP(target) !== 0) timeline.endpoints.usedFamily = familyOf(target);
  const samples = generators.flatMap((generator) => generator.samples.list());
  const asked = [...[...failed, ...givenUp].map(({ request }) => request), ...samples];
  const offsets = recording.clocks;
  const logged = new LoggedRows(generators, judged, (pod) => offsets.errorOf(pod));
  const pause = pauses(recording.folder.signal);
  const opened = await OpenedRows.of(generators, judged, pause);
  const clock = new ClockFold(judged);
  const serverLog = await readPodLogs(recording, asked, { timeline, logged, clock });
  await logged.findMissing(pause);
  const connections = await readConnections(recording, asked, { opened, clock });
  await opened.compare({ hadAddress: hadAddress(timeline), overruns: recording.conntrackOverruns, pause });
  connections.learnSources(samples);
  serverLog.learnWhole(samples);
  const machine = new MachineFold(phases, { workload: uids.ofPods, helpers: uids.ofPodsOutside(plan.namespace) });
  for await (const batch of recording.clock())
    for (const sample of batch) {
      clock.see(sample);
      machine.see(sample);
      timeline.stamps.see(sample);
    }

  const differences = clockDifferences({ logged, timeline, clock, offsets });
  for (const pod of differences.pods) serverLog.distrust(pod);

  const rules = await readRules(recording, generators, { connections, phases });
  const sources = { plan, timeline, connections, serverLog, answers, ports, rules };
  const why: Attribute = (request, next) =>
    differences.why === undefined
      ? attribute(request, sources, next)
      : attributeAlone(request, sources, differences.why);
  const attributed = async (all: Failed[]): Promise<Failure[]> => {
    const found: Failure[] = [];
    for (const each of all.sort((one, other) => one.request.start - other.request.start)) {
      if (found.length % failuresAtOnce === 0) await pause();
      found.push(new AttributedFailure(each, why));
    }
    return found;
  };
  const failures = await attributed(failed);
  const retries = await attributed(givenUp);
  for (const { request, cause } of failures) {
    buckets.fail(request.start, cause);
    for (const kind of kinds) if (kind.conn === request.conn) kind.buckets.fail(request.start, cause);
  }
  return {
    ...sources,
    landings,
    topology,
    uids,
    unheard,
    showsLife: recording.records('signs-of-life'),
    watchesStatefulSets: recording.records('statefulset'),
    damage,
    phases,
    generators,
    opened,
    logged,
    signs,
    clock,
    offsets,
    clockDifferences: differences,
    machine,
    failures,
    retries,
    answered,
    exposure,
    downNodeAnswers,
    kinds,
    buckets,
  };
}

/** No arm lasts longer. A damaged recording may claim any time. */
const longestMicros: Micros = msToMicros(24 * 3_600_000);

/** The phases as far as they are judged: at most a day from the start of the baseline. */
function judgedPhases(timeline: Timeline, damage: DamageLog): PhaseTimes {
  const phases = timeline.phases.times(timeline.last);
  const end = phases.baseline.from + longestMicros;
  if (phases.tail.to <= end) return phases;
  damage.add({ file: armFiles.events, what: 'phases that last longer than a day: later events are not judged' });
  const cut = ({ from, to }: PhaseTimes[Phase]) => ({ from: Math.min(from, end), to: Math.min(to, end) });
  const { warmup, baseline, fault, tail } = phases;
  return { warmup: cut(warmup), baseline: cut(baseline), fault: cut(fault), tail: cut(tail) };
}

async function readEvents(recording: ArmRecording) {
  const timeline = new Timeline(budgetsOfOtherPods(recording.plan.workload));
  const landings = new Landings();
  const topology = new NodeTopology();
  const uids = new Uids();
  const signs = new SignsOfLife();
  const heard = new Map<EventSource, Micros>();
  for await (const events of recording.events()) {
    for (const event of events) {
      timeline.see(event);
      landings.see(event);
      topology.see(event);
      uids.see(event);
      signs.see(event);
      if (!heard.has(event.source)) heard.set(event.source, event.at);
    }
  }
  return { timeline, landings, topology, uids, heard, signs };
}

interface Folds {
  readonly phases: PhaseTimes;
  readonly buckets: Buckets;
  readonly answers: Answers;
  readonly answered: TimeBitmap;
  readonly kinds: readonly KindOfTraffic[];
  readonly ports: Ports;
  readonly exposure: ExposureFold;
  readonly downNodeAnswers: DownNodeAnswers;
}

async function readRequests(recording: ArmRecording, folds: Folds) {
  const { phases, buckets, answers, answered, kinds, ports, exposure, downNodeAnswers } = folds;
  const generators: GeneratorLoad[] = [];
  const failed: Failed[] = [];
  const givenUp: Failed[] = [];
  const pool = new StringPool();
  for (const file of recording.plan.traffic ? recording.requests() : []) {
    const load = new GeneratorLoad(file, { from: phases.baseline.from, to: phases.tail.to });
    for await (const requests of file.batches()) {
      if (failed.length > limits.failures) {
        const what = `more than ${limits.failures} requests failed: the others are not judged`;
        recording.damage.end({ file: file.file, what });
        break;
      }
      for (const request of requests) {
        load.header = file.header;
        const phase = phaseAt(phases, sentAt(request));
        load.add(request, phase);
        for (const each of request.earlier ?? []) ports.see(each);
        ports.see(request);
        exposure.see(request);
        downNodeAnswers.see(request);
        if (phase === undefined || phase === 'warmup') continue;
        if (request.earlier && givenUp.length < mostRetries) givenUp.push(...givenUpOf(request, phase, pool));
        if (request.code === 0) {
          buckets.answer(request.start);
          answers.see(request);
          answered.see(request.start);
          for (const kind of kinds) if (kind.conn === request.conn) kind.answer(request);
        } else failed.push({ request: withSharedStrings(request, pool), phase });
      }
    }
    load.header = file.header;
    load.footer = file.footer;
    load.lacking = file.lacking;
    generators.push(load);
  }
  return { generators, failed, givenUp };
}

const givenUpOf = ({ earlier = [], ...last }: Request, phase: Phase, pool: StringPool): Failed[] =>
  earlier.map((request, index) => ({
    request: withSharedStrings(request, pool),
    phase,
    next: earlier[index + 1] ?? last,
  }));

const withSharedStrings = (request: Request, pool: StringPool): Request => ({
  ...request,
  err: pool.intern(request.err),
  source: pool.intern(request.source),
  dst: pool.intern(request.dst),
  protocol: pool.intern(request.protocol),
  pod: pool.intern(request.pod),
  node: pool.intern(request.node),
  version: pool.intern(request.version),
});

/**
 * Reads the pods’ logs. Lifecycle lines go to the timeline; lines about requests are kept only for the wanted requests.
 */
async function readPodLogs(
  recording: ArmRecording,
  asked: readonly Request[],
  { timeline, logged, clock }: Pick<ArmEvidence, 'timeline' | 'logged' | 'clock'>,
): Promise<ServerLog> {
  const serverLog = new ServerLog(asked.map(({ id }) => id));
  for await (const events of recording.workload()) {
    for (const event of events) {
      logged.see(event);
      // After a boot the log may belong to another pod of the same name, on another node.
      clock.seeStamp(event.type === 'boot' ? 'boot' : event.pod, event.at);
      if (event.type === 'start' || event.type === 'end') serverLog.see(event);
      timeline.seeLog(event);
    }
  }
  return serverLog;
}

async function readConnections(
  recording: ArmRecording,
  asked: readonly Request[],
  { opened, clock }: Pick<ArmEvidence, 'opened' | 'clock'>,
): Promise<Connections> {
  const connections = new Connections(new Set(asked.map(({ sport }) => sport)));
  if (recording.plan.traffic)
    for await (const events of recording.conntrack())
      for (const event of events) {
        connections.see(event);
        opened.see(event);
        clock.seeStamp(armFiles.conntrack, event.at);
      }
  connections.overruns = recording.conntrackOverruns.length;
  return connections;
}

/** The host that the generators sent to; empty if none is recorded. */
function targetOf(generators: readonly GeneratorLoad[]): string {
  const target = generators.find(({ header }) => header !== undefined)?.header?.target ?? '';
  return hostOf(/^https?:\/\/([^/]+)/.exec(target)?.[1] ?? '');
}

/** Reads the rules of the Service that the generators sent to, up to the first contradiction with its connections. */
async function readRules(
  recording: ArmRecording,
  generators: readonly GeneratorLoad[],
  { connections, phases }: Pick<ArmEvidence, 'connections' | 'phases'>,
): Promise<ClientRules> {
  const { damage, plan } = recording;
  const before = damage.count;
  const rules = new ClientRules(targetOf(generators), recording.proxyMode);
  for await (const lines of recording.rules()) for (const line of lines) rules.see(line);
  const enough = (plan.traffic?.freshPerSecond ?? 0) >= 50 && !connections.lossy;
  const contradiction = enough ? rules.contradiction(connections.routed, phases.tail.to) : undefined;
  const flaw = plan.traffic && damage.count === before ? rules.flaw : undefined;
  const what = flaw ?? contradiction;
  if (what !== undefined) damage.add({ file: armFiles.rules, what });
  rules.lost = damage.count > before;
  return rules;
}

/** Zero of the arm’s time axis: the first injection, or the start of the fault phase if there is none. */
export function zeroOf({ timeline, phases }: Pick<ArmEvidence, 'timeline' | 'phases'>): Micros {
  return timeline.faults.find(({ step }) => step === 'intent')?.at ?? phases.fault.from;
}
