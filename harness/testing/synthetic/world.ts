import type { Micros, Ms } from '../../model/units.ts';

/** A rollout of three pods, or none, decided before anything is recorded: what is true, not what was seen. */
export interface WorldSettings {
  readonly rollout: boolean;
  readonly readiness: boolean;
  readonly preStopMs: Ms;
  readonly startDelayMs: Ms;
  /** What recorders may be late by, at random. */
  readonly jitterMs: Ms;
}

/** TimeBitmap in ms after the world's beginning; `undefined` never came. */
export interface TruePod {
  readonly name: string;
  readonly ip: string;
  readonly version: string;
  readonly created: Ms;
  readonly boot: Ms;
  readonly listen: Ms;
  readonly ready: Ms;
  /** While the client's node has a rule for it. */
  readonly ruleIn: Ms;
  ruleOut?: Ms;
  deleted?: Ms;
  sigterm?: Ms;
  close?: Ms;
  exit?: Ms;
  gone?: Ms;
}

export interface World {
  readonly settings: WorldSettings;
  readonly phases: {
    readonly warmup: Ms;
    readonly baseline: Ms;
    readonly fault: Ms;
    readonly tail: Ms;
    readonly end: Ms;
  };
  readonly pods: readonly TruePod[];
}

/** The world's beginning. */
export const epoch: Micros = 1_795_000_000_000_000;
export const at = (moment: Ms): Micros => epoch + Math.round(moment * 1000);

/** Seconds with six digits behind the dot. */
export const stamp = (micros: Micros): string => `${Math.floor(micros / 1e6)}.${String(micros % 1e6).padStart(6, '0')}`;

const drainMs = 3000;

export function rolloutWorld(settings: WorldSettings, random: () => number): World {
  const [warmup, baseline, fault] = [6000, 8000, 11_000];
  const old = [0, 1, 2].map((index) => oldPod(index));
  const pods = settings.rollout ? [...old, ...replace(old, fault, settings, random)] : old;
  const lastGone = Math.max(fault + 4000, ...pods.map(({ gone }) => gone ?? 0));
  const tail = lastGone + 150;
  return { settings, phases: { warmup, baseline, fault, tail, end: tail + 2500 }, pods };
}

const oldPod = (index: number): TruePod => ({
  name: `web-old-${index}`,
  ip: `10.244.${index + 2}.10`,
  version: 'v1',
  created: 100,
  boot: 800,
  listen: 2300,
  ready: 2600,
  ruleIn: 2800,
});

function replace(old: readonly TruePod[], fault: Ms, settings: WorldSettings, random: () => number): TruePod[] {
  let created = fault + 120;
  return old.map((before, index) => {
    const boot = created + 500 + random() * 200;
    const listen = boot + settings.startDelayMs;
    const ready = settings.readiness ? listen + 100 + random() * 400 : boot + 80;
    const deleted = ready + 60;
    // kube-proxy has just synced for the new pod, so the old one's rule waits for its next turn.
    const ruleOut = deleted + 500 + random() * 600;
    const sigterm = deleted + settings.preStopMs + 15;
    const close = sigterm + 3;
    const exit = close + drainMs;
    Object.assign(before, { deleted, ruleOut, sigterm, close, exit, gone: exit + 400 });
    created = ready + 140;
    return {
      name: `web-new-${index}`,
      ip: `10.244.${index + 2}.11`,
      version: 'v2',
      created: created - 140 - (ready - boot) - 500,
      boot,
      listen,
      ready,
      ruleIn: ready + 120,
    };
  });
}

export const routable = (world: World, moment: Ms): TruePod[] =>
  world.pods.filter(({ ruleIn, ruleOut }) => ruleIn <= moment && moment < (ruleOut ?? Number.POSITIVE_INFINITY));
