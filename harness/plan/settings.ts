import { guarantees } from '../guarantees/registry.ts';
import type { Change } from '../model/change.ts';
import type { LabConditions, TrafficSettings, Workload } from '../model/experiment.ts';
import { UsageError } from '../model/usage-error.ts';

/** `--set` values by their key: `rate`, `preStop`, `treatment.grace`. */
export type Settings = { readonly [key: string]: string };

/** What the settings of a plan, or of one arm of it, change. */
export interface ChosenSettings {
  readonly changes: readonly Change[];
  readonly lab: Partial<LabConditions>;
  readonly traffic: Partial<TrafficSettings>;
}

const wholeNumber = (key: string, text: string, least: number, most: number): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new UsageError(`--set ${key}=${text}: expected a whole number from ${least} to ${most}`);
  }
  return value;
};

const oneOf = <T extends string>(key: string, text: string, values: readonly T[]): T => {
  const found = values.find((value) => value === text);
  if (!found) throw new UsageError(`--set ${key}=${text}: expected one of ${values.join(', ')}`);
  return found;
};

const labKeys: { readonly [key: string]: (key: string, text: string) => Partial<LabConditions> } = {
  scheduler: (key, text) => ({ scheduler: oneOf(key, text, ['default-scheduler', 'no-spread']) }),
  busyWorkers: (key, text) => ({ busyWorkers: wholeNumber(key, text, 0, 20) }),
};

const trafficKeys: { readonly [key: string]: (key: string, text: string) => Partial<TrafficSettings> } = {
  // A fresh connection keeps its source port for a minute after it is closed. Above 200 per second the ports run out.
  rate: (key, text) => ({ freshPerSecond: wholeNumber(key, text, 10, 200) }),
  keptAliveRate: (key, text) => ({ keptAlivePerSecond: wholeNumber(key, text, 10, 500) }),
  timeout: (key, text) => ({ timeoutMs: 1000 * wholeNumber(key, text, 1, 30) }),
  trafficFrom: (key, text) => ({ from: oneOf(key, text, ['control-plane', 'worker']) }),
};

/** The text that takes a guarantee away. */
const none = 'none';

const guaranteeKeys: { readonly [key: string]: (key: string, text: string) => Change } = Object.fromEntries(
  guarantees.map(({ name, accepts, parse }) => [
    name,
    (key: string, text: string): Change => {
      if (text === none) return { without: name };
      const value = parse(text);
      if (value === undefined) throw new UsageError(`--set ${key}=${text}: expected ${none} or ${accepts}`);
      return { having: name, value };
    },
  ]),
);

/** The settings that every workload has. */
export const settingKeys = [guaranteeKeys, labKeys, trafficKeys].flatMap((keys) => Object.keys(keys));

const optionKeys = ({ options }: Workload): { readonly [key: string]: (key: string, text: string) => Change } =>
  Object.fromEntries(
    Object.entries(options).map(([option, { key, accepts, parse }]) => [
      key,
      (typed: string, text: string): Change => {
        const value = parse(text);
        if (value === undefined) throw new UsageError(`--set ${typed}=${text}: expected ${accepts}`);
        return { option, value };
      },
    ]),
  );

/** Parses `key=value` words. If a key is repeated, the last one wins. */
export function parseSettings(words: readonly string[]): Settings {
  const settings = new Map<string, string>();
  for (const word of words) {
    const at = word.indexOf('=');
    if (at < 1)
      throw new UsageError(`--set ${word}: expected key=value, such as preStop=none or treatment.preStop=none`);
    settings.set(word.slice(0, at), word.slice(at + 1));
  }
  return Object.fromEntries(settings);
}

/** What the settings without the name of an arm change, or those with this name. */
export function chosenSettings(settings: Settings, workload: Workload, arm?: string): ChosenSettings {
  const prefix = arm === undefined ? '' : `${arm}.`;
  const chosen = Object.entries(settings).filter(([key]) =>
    arm === undefined ? !key.includes('.') : key.startsWith(prefix),
  );
  const those = <T>(keys: { readonly [key: string]: (key: string, text: string) => T }): T[] =>
    chosen.flatMap(([key, text]) => {
      const name = key.slice(prefix.length);
      return Object.hasOwn(keys, name) ? [(keys[name] as (key: string, text: string) => T)(key, text)] : [];
    });
  return {
    changes: those({ ...optionKeys(workload), ...guaranteeKeys }),
    lab: Object.assign({}, ...those(labKeys)),
    traffic: Object.assign({}, ...those(trafficKeys)),
  };
}

/** Throws UsageError for unknown arms and settings. */
export function checkSettings(settings: Settings, workload: Workload, arms: readonly string[]): void {
  const known = [...settingKeys, ...Object.keys(optionKeys(workload))];
  for (const key of Object.keys(settings)) {
    const [arm, name] = key.includes('.') ? key.split('.', 2) : [undefined, key];
    if (arm !== undefined && !arms.includes(arm)) {
      throw new UsageError(`--set ${key}: there is no arm ${arm}. Arms: ${arms.join(', ')}`);
    }
    if (!known.includes(name ?? '')) {
      throw new UsageError(`--set ${key}: unknown setting ${name}. Settings: ${known.join(', ')}`);
    }
    if (arm !== undefined && Object.hasOwn(trafficKeys, name ?? '')) {
      throw new UsageError(
        `--set ${key}: all arms have the same traffic, so that their losses can be compared. Use ${name} without an arm`,
      );
    }
  }
}
