import type { ArmSpec, Budget, TrafficSettings, WorkloadSettings } from '../model/experiment.ts';
import { UsageError } from '../model/usage-error.ts';

/** `--set` values by their key: `rate`, `preStop`, `treatment.grace`. */
export type Settings = { readonly [key: string]: string };

const wholeNumber = (key: string, text: string, least: number, most: number): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new UsageError(`--set ${key}=${text}: expected a whole number from ${least} to ${most}`);
  }
  return value;
};

const onOff = (key: string, text: string): boolean => {
  if (text !== 'on' && text !== 'off') throw new UsageError(`--set ${key}=${text}: expected on or off`);
  return text === 'on';
};

const oneOf = <T extends string>(key: string, text: string, values: readonly T[]): T => {
  const found = values.find((value) => value === text);
  if (!found) throw new UsageError(`--set ${key}=${text}: expected one of ${values.join(', ')}`);
  return found;
};

/** `1`, `25%`. */
const amountOf = (key: string, text: string): number | string => {
  if (/^\d{1,3}%$/.test(text)) return text;
  if (text.includes('%'))
    throw new UsageError(`--set ${key}=${text}: expected a whole number or a percentage such as 25%`);
  return wholeNumber(key, text, 0, 20);
};

/** `none`, `minAvailable:2`, `maxUnavailable:30%`. */
const budgetOf = (key: string, text: string): Budget | null => {
  if (text === 'none') return null;
  const [, kind, number, percent] = /^(minAvailable|maxUnavailable):(\d{1,3})(%?)$/.exec(text) ?? [];
  if (!kind) throw new UsageError(`--set ${key}=${text}: expected none, minAvailable:2 or maxUnavailable:30%`);
  const amount = percent ? `${number}%` : Number(number);
  return kind === 'minAvailable' ? { minAvailable: amount } : { maxUnavailable: amount };
};

const workloadKeys: {
  readonly [key: string]: (key: string, text: string) => Partial<WorkloadSettings>;
} = {
  replicas: (key, text) => ({ replicas: wholeNumber(key, text, 1, 20) }),
  maxSurge: (key, text) => ({ maxSurge: amountOf(key, text) }),
  maxUnavailable: (key, text) => ({ maxUnavailable: amountOf(key, text) }),
  readiness: (key, text) => ({ readiness: onOff(key, text) }),
  preStop: (key, text) => ({ preStopSeconds: wholeNumber(key, text, 0, 300) }),
  grace: (key, text) => ({ graceSeconds: wholeNumber(key, text, 1, 600) }),
  startDelay: (key, text) => ({ startDelayMs: 1000 * wholeNumber(key, text, 0, 120) }),
  readyDelay: (key, text) => ({ readyDelayMs: 1000 * wholeNumber(key, text, 0, 120) }),
  requestsPerConnection: (key, text) => ({ requestsPerConnection: wholeNumber(key, text, 0, 100_000) }),
  drain: (key, text) => ({ drain: oneOf(key, text, ['graceful', 'exit', 'ignore']) }),
  work: (key, text) => ({ workMs: wholeNumber(key, text, 0, 60_000) }),
  strategy: (key, text) => ({ strategy: oneOf(key, text, ['RollingUpdate', 'Recreate']) }),
  budget: (key, text) => ({ budget: budgetOf(key, text) }),
  antiAffinity: (key, text) => ({ antiAffinity: oneOf(key, text, ['none', 'preferred', 'required']) }),
  antiAffinityOver: (key, text) => ({ antiAffinityOver: oneOf(key, text, ['hostname', 'zone', 'rack']) }),
  scheduler: (key, text) => ({ scheduler: oneOf(key, text, ['default-scheduler', 'no-spread']) }),
  busyWorkers: (key, text) => ({ busyWorkers: wholeNumber(key, text, 0, 20) }),
  dependency: (key, text) => ({ dependency: onOff(key, text) }),
};

const trafficKeys: { readonly [key: string]: (key: string, text: string) => Partial<TrafficSettings> } = {
  // A fresh connection keeps its source port for a minute after it is closed. Above 200 per second the ports run out.
  rate: (key, text) => ({ freshPerSecond: wholeNumber(key, text, 10, 200) }),
  keptAliveRate: (key, text) => ({ keptAlivePerSecond: wholeNumber(key, text, 10, 500) }),
  timeout: (key, text) => ({ timeoutMs: 1000 * wholeNumber(key, text, 1, 30) }),
  trafficFrom: (key, text) => ({ from: oneOf(key, text, ['control-plane', 'worker']) }),
};

export const settingKeys = [...Object.keys(workloadKeys), ...Object.keys(trafficKeys)];

/** Parses `key=value` words. If a key is repeated, the last one wins. */
export function parseSettings(words: readonly string[]): Settings {
  const settings = new Map<string, string>();
  for (const word of words) {
    const at = word.indexOf('=');
    if (at < 1) throw new UsageError(`--set ${word}: expected key=value, such as preStop=0 or treatment.preStop=0`);
    settings.set(word.slice(0, at), word.slice(at + 1));
  }
  return Object.fromEntries(settings);
}

/**
 * A setting without an arm changes the base that all arms share. An arm keeps its own settings, so an unprotected arm still
 * lacks its guarantee. A setting with the name of an arm overrides these too.
 */
export function resolveArm(
  arm: { readonly name: string; readonly spec: ArmSpec },
  base: { readonly workload: WorkloadSettings; readonly traffic: TrafficSettings | null },
  settings: Settings,
): { readonly workload: WorkloadSettings; readonly traffic: TrafficSettings | null } {
  const own = Object.entries(settings).filter(([key]) => key.startsWith(`${arm.name}.`));
  const common = Object.entries(settings).filter(([key]) => !key.includes('.'));
  const pick = <T>(keys: { readonly [key: string]: (key: string, text: string) => T }, entries: [string, string][]) =>
    Object.assign({}, ...entries.map(([key, text]) => keys[key.slice(key.indexOf('.') + 1)]?.(key, text))) as T;
  const workload = {
    ...base.workload,
    ...pick(workloadKeys, common),
    ...arm.spec.workload,
    ...pick(workloadKeys, own),
  };
  const traffic = base.traffic && { ...base.traffic, ...pick(trafficKeys, common) };
  return { workload, traffic };
}

/** Throws UsageError for unknown arms and settings. */
export function checkSettings(settings: Settings, arms: readonly string[]): void {
  for (const key of Object.keys(settings)) {
    const [arm, name] = key.includes('.') ? key.split('.', 2) : [undefined, key];
    if (arm !== undefined && !arms.includes(arm)) {
      throw new UsageError(`--set ${key}: there is no arm ${arm}. Arms: ${arms.join(', ')}`);
    }
    if (!settingKeys.includes(name ?? '')) {
      throw new UsageError(`--set ${key}: unknown setting ${name}. Settings: ${settingKeys.join(', ')}`);
    }
    if (arm !== undefined && Object.hasOwn(trafficKeys, name ?? '')) {
      throw new UsageError(
        `--set ${key}: all arms have the same traffic, so that their losses can be compared. Use ${name} without an arm`,
      );
    }
  }
}
