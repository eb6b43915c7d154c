import assert from 'node:assert/strict';
import type { WorkloadEvent } from '../../model/event.ts';
import type { ArmPlan } from '../../model/plan.ts';
import { requestFields } from '../../model/request.ts';
import type { Micros, Ms } from '../../model/units.ts';
import { armJson, recordedOfWorlds } from './arm-json.ts';
import { at, epoch, stamp } from './clocks.ts';
import { events } from './events.ts';
import type { Files } from './files.ts';
import { plannedWorkload, preStopOf, readinessOf, usualLab } from './planned-workload.ts';
import { seeded } from './random.ts';
import { connectionNumbers, rowLine } from './request-lines.ts';
import { clusterIp, ruleLines } from './rule-lines.ts';
import type { Sent } from './traffic.ts';
import {
  clientWaits,
  forever,
  type Pod,
  type Recorders,
  type Rule,
  type Slice,
  type Span,
  sentFrom,
  type World,
  within,
} from './world.ts';

export const sources = { fresh: '10.244.9.5', 'kept-alive': '10.244.9.6' } as const;

/** The files that recorders write about a simulated arm. */
export function recordAll(
  world: World,
  {
    slices,
    rules,
    sent,
  }: { readonly slices: readonly Slice[]; readonly rules: readonly Rule[]; readonly sent: readonly Sent[] },
  recorders: Recorders,
): Files {
  const { skewMs, readLateMs, heldUp, random } = recorders;
  const ahead = () => (2 * random() - 1) * skewMs;
  const plan = planOf(world);
  const files: Files = {
    'arm.json': [armJson(plan, { recorded: recordedOf(world) })],
    'events.ndjson': events(world, slices, recorders),
    'conntrack.log': connections(sent, ahead(), readLateMs),
    'clock.ndjson': clock(world, heldUp),
    'requests-fresh.ndjson': requests(plan, sent, 'fresh'),
    'requests-kept-alive.ndjson': requests(plan, sent, 'kept-alive'),
  };
  if (world.tellsRules) files['rules.log'] = ruleLines(rules, world.tellsRules, sentFrom(world));
  // A log has the name of its pod. A later pod with the same name appends to it.
  for (const pod of world.pods) {
    const path = `workload/${pod.name}.ndjson`;
    files[path] = [...(files[path] ?? []), ...podLog(pod, sent, ahead())];
  }
  return files;
}

const recordedOf = ({ signsOfLife, tellsRules }: World) => [
  ...recordedOfWorlds,
  ...(signsOfLife ? (['signs-of-life'] as const) : []),
  ...(tellsRules ? [`${tellsRules}-rules` as const] : []),
];

/** The plan of the simulated arm. */
export const planOf = ({ plan = {}, ...world }: World): ArmPlan => ({ ...plainPlan(world), ...plan });

const plainPlan = ({
  story,
  readiness = true,
  preStopMs = 0,
  graceMs = 30_000,
  recreate = false,
  budget = [],
}: World): ArmPlan => ({
  name: 'world',
  role: 'unprotected',
  says: story,
  namespace: 'hf-world',
  workload: plannedWorkload(
    {
      readiness: readinessOf(readiness),
      preStop: preStopOf(preStopMs / 1000),
      grace: graceMs / 1000,
      budget,
      ...(recreate && { strategy: { type: 'Recreate' } }),
    },
    1000,
  ),
  lab: usualLab,
  traffic: {
    freshPerSecond: 60,
    keptAlivePerSecond: 30,
    timeoutMs: clientWaits,
    from: 'control-plane',
  },
  phases: { warmupMs: 1000, baselineMs: 2000, quietMs: 4000, tailMs: 500 },
  disruptions: [],
  expect: { kind: 'observed' },
  demands: [],
});

function requests({ traffic }: ArmPlan, sent: readonly Sent[], gen: Sent['gen']): string[] {
  assert.ok(traffic, 'an arm without traffic sends nothing');
  const own = sent.filter((request) => request.gen === gen).sort((one, other) => one.end - other.end);
  const header = {
    schema: 'holdfast.requests/2',
    gen,
    conn: gen,
    clock: 'the-generators',
    epoch,
    ratePerSecond: gen === 'fresh' ? traffic.freshPerSecond : traffic.keptAlivePerSecond,
    timeoutMs: traffic.timeoutMs,
    target: `http://${clusterIp}:80/`,
    fields: requestFields,
  };
  const connectionOf = connectionNumbers(own);
  const rows = own.map((request) => {
    const { seq, due, start, end, code, err, status, reused, sport, pod } = request;
    const micros = (moment: Ms) => at(moment) - epoch;
    const answered = status > 0 && pod !== undefined;
    return rowLine({
      seq,
      due: micros(due),
      start: micros(start),
      end: micros(end),
      code,
      err,
      status,
      reused,
      attempt: 1,
      sport,
      dst: `${clusterIp}:80`,
      connection: connectionOf(request),
      source: sources[gen],
      protocol: status > 0 ? 'HTTP/1.1' : '',
      podBy: answered ? 'header' : 'none',
      pod: answered ? pod.name : '',
      node: answered ? pod.node : '',
      version: answered ? pod.version : '',
    });
  });
  const footer = {
    footer: true,
    rows: rows.length,
    httpReqs: rows.length,
    httpReqsFailed: own.filter(({ code }) => code !== 0).length,
    droppedIterations: 0,
    end: at(own.at(-1)?.end ?? 0),
  };
  return [JSON.stringify(header), ...rows, JSON.stringify(footer)];
}

/** Lifetime of a conntrack entry without an answer. The lab sets `nf_conntrack_tcp_timeout_syn_sent` to this value. */
const synSentEnds: Ms = 3000;

function connections(sent: readonly Sent[], ahead: Ms, readLateMs: Ms): string[] {
  const stamped: { readonly at: Micros; readonly text: string }[] = [];
  for (const { gen, opened, rejected, pod, sport, code, end, served, reused } of sent) {
    const src = sources[gen];
    if (rejected !== undefined) {
      const untouched = `src=${src} dst=${clusterIp} sport=${sport} dport=80 [UNREPLIED] src=${clusterIp} dst=${src} sport=80 dport=${sport}`;
      stamped.push({ at: at(rejected + ahead), text: `\t    [NEW] tcp      6 3 SYN_SENT ${untouched}` });
    }
    if (opened === undefined || !pod) continue;
    const tuple = `src=${src} dst=${clusterIp} sport=${sport} dport=80 [UNREPLIED] src=${pod.ip} dst=${src} sport=8080 dport=${sport}`;
    stamped.push({ at: at(opened + ahead), text: `\t    [NEW] tcp      6 3 SYN_SENT ${tuple}` });
    if (code === 1212) stamped.push({ at: at(end + ahead), text: `\t[DESTROY] tcp      6 3 CLOSE ${tuple}` });
    if (code === 1050 && !served && !reused)
      stamped.push({ at: at(opened + synSentEnds + ahead), text: `\t[DESTROY] tcp      6 SYN_SENT ${tuple}` });
  }
  // Conntrack reads events in the order in which they happened, each with a random delay.
  const random = seeded(sent.length);
  let read: Micros = 0;
  const events = stamped
    .sort((one, other) => one.at - other.at)
    .map(({ at: happened, text }) => {
      read = Math.max(read, happened + Math.round(random() * readLateMs * 1000));
      return `[${stamp(read)}]${text}`;
    });
  return [
    'NOTICE: Netlink socket buffer size has been set to 8388608 bytes.',
    ...events,
    `conntrack v1.4.8 (conntrack-tools): ${events.length} flow events have been shown.`,
  ];
}

/** A pod on a node that is off or frozen writes nothing in that time. The simulated events already account for this. */
function podLog(pod: Pod, sent: readonly Sent[], ahead: Ms): string[] {
  const written: WorkloadEvent[] = [];
  const log = (moment: Ms | undefined, type: WorkloadEvent['type'], id?: string) => {
    if (moment === undefined || moment === forever) return;
    written.push({ at: at(moment + ahead), type, pod: pod.name, ...(id !== undefined && { id }) });
  };
  for (const { boot, listen, end } of pod.lives) {
    log(boot, 'boot');
    if (listen < (end?.at ?? forever)) log(listen, 'listen');
    if (end?.logged) log(end.at, 'exit');
  }
  log(pod.sigterm, 'sigterm');
  log(pod.close, 'close');
  for (const { gen, seq, pod: reached, served } of sent) {
    if (reached !== pod || !served) continue;
    log(served.start, 'start', `${gen}-${seq}`);
    log(served.end, 'end', `${gen}-${seq}`);
  }
  return written.sort((one, other) => one.at - other.at).map((event) => JSON.stringify(event));
}

/**
 * One sample per second, each with the longest delay of the event loop since the previous one. A sample that is due
 * during a delay is taken after it.
 */
function clock({ end }: World, heldUp: Span | undefined): string[] {
  const due = Array.from({ length: Math.ceil((end + 1500) / 1000) }, (_, second) => second * 1000);
  const taken = [...new Set(due.map((moment) => (heldUp && within(moment, heldUp) ? heldUp.to : moment)))];
  const told = heldUp && taken.find((moment) => moment >= heldUp.to);
  return taken.map((moment) => {
    const loopDelayMs = heldUp && moment === told ? heldUp.to - heldUp.from : 2;
    const monotonic = Math.round(moment * 1e3) + 77;
    return JSON.stringify({ at: at(moment), monotonic, loopDelayMs, busy: 0.4, steal: 0 });
  });
}
