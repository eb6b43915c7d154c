import { z } from 'zod';
import type { GuaranteeName, Probe } from '../model/facts.ts';
import { byContainer, ofContainer, perContainer, withContainer } from './containers.ts';
import { type Fields, fieldsAt, listAt, textAt, valueAt, withoutDefaults, withValue } from './fields.ts';
import { type Guarantee, guaranteeOf, refused } from './guarantee.ts';
import { commandInWords, hostInWords, httpGet, httpGetInWords, plainHttpGet } from './handlers.ts';
import { json } from './json.ts';

const port = z.union([z.int().min(1).max(65_535), z.string().min(1)]);
const count = z.int().min(0).exactOptional();

/** What a probe asks, with the fields of Kubernetes. */
const handlers = {
  httpGet: httpGet.exactOptional(),
  tcpSocket: z.strictObject({ port, host: z.string().exactOptional() }).exactOptional(),
  exec: z.strictObject({ command: z.array(z.string()).min(1) }).exactOptional(),
  grpc: z
    .strictObject({ port: z.int().min(1).max(65_535), service: z.string().exactOptional(), mode: json.exactOptional() })
    .exactOptional(),
};

const input = z.strictObject({
  ...handlers,
  initialDelaySeconds: count,
  periodSeconds: count,
  timeoutSeconds: count,
  successThreshold: count,
  failureThreshold: count,
  terminationGracePeriodSeconds: count,
});
type Input = z.infer<typeof input>;

const handlerNames = Object.keys(handlers);
const hasHandler = (probe: object): boolean => handlerNames.some((name) => Object.hasOwn(probe, name));

const defaults: Fields = { periodSeconds: 10, timeoutSeconds: 1, successThreshold: 1, failureThreshold: 3 };

/** A probe without fields that have the API's default. The API takes 0 as the default of each number. */
function plainProbe(probe: Fields): Probe {
  const own = Object.entries(withoutDefaults(probe, defaults)).filter(([, value]) => value !== 0);
  return Object.fromEntries(
    own.map(([field, value]) => {
      if (!handlerNames.includes(field)) return [field, value];
      const handler = fieldsAt({ value }, 'value');
      return [field, field === 'httpGet' ? plainHttpGet(handler) : withoutDefaults(handler)];
    }),
  );
}

/** `GET /ready on 8080`, `TCP on 5432`. */
function handlerInWords(probe: Probe): string {
  const [get, tcp, grpc] = [valueAt(probe, 'httpGet'), valueAt(probe, 'tcpSocket'), valueAt(probe, 'grpc')];
  if (get !== undefined) return httpGetInWords(get);
  if (tcp !== undefined) return `TCP on ${hostInWords(tcp)}${valueAt(tcp, 'port')}`;
  if (grpc !== undefined) {
    const service = textAt(grpc, 'service');
    return `gRPC${service === undefined ? '' : ` ${service}`} on ${valueAt(grpc, 'port')}`;
  }
  const command = listAt(probe, 'exec', 'command');
  return command.length > 0 ? `exec ${commandInWords(command)}` : 'asks nothing';
}

const numberOf = (probe: Probe, field: string): number => Number(valueAt(probe, field) ?? defaults[field] ?? 0);

/** `GET /ready on 8080 every 1 s, 1 failure is enough`. Fields with the API's default are left out, except the period. */
function probeInWords(probe: Probe): string {
  const [failures, successes] = [numberOf(probe, 'failureThreshold'), numberOf(probe, 'successThreshold')];
  const [first, timeout] = [numberOf(probe, 'initialDelaySeconds'), numberOf(probe, 'timeoutSeconds')];
  const ending = numberOf(probe, 'terminationGracePeriodSeconds');
  return [
    `${handlerInWords(probe)} every ${numberOf(probe, 'periodSeconds')} s`,
    ...(first > 0 ? [`first after ${first} s`] : []),
    ...(timeout === 1 ? [] : [`time-out ${timeout} s`]),
    ...(failures === 1 ? ['1 failure is enough'] : failures === 3 ? [] : [`fails after ${failures} failures`]),
    ...(successes === 1 ? [] : [`succeeds after ${successes} successes`]),
    ...(ending > 0 ? [`grace ${ending} s`] : []),
  ].join(', ');
}

/** `http:8080/ready`, `tcp:8080`: every second, and one failure is enough. */
function parse(text: string): Input | undefined {
  const [, kind, number, path] = /^(http|tcp):(\d{1,5})(\/\S*)?$/.exec(text) ?? [];
  const port = Number(number);
  if (kind === undefined || port < 1 || port > 65_535 || (kind === 'tcp' && path !== undefined)) return undefined;
  const often = { periodSeconds: 1, failureThreshold: 1 };
  if (kind === 'tcp') return { tcpSocket: { port }, ...often };
  return { httpGet: { port, path: path ?? '/' }, ...often };
}

/** The guarantee of a probe in a field of containers. */
export const probeGuarantee = <Name extends GuaranteeName & ('readiness' | 'liveness' | 'startup')>(
  name: Name,
  exercisedBy: readonly string[],
): Guarantee<Name, Input> => {
  const field = `${name}Probe`;
  const lens = byContainer<Probe>({
    read(container) {
      return valueAt(container, field) === undefined ? undefined : plainProbe(fieldsAt(container, field));
    },
    write: (container, value) => withValue(container, [field], value),
  });
  return guaranteeOf({
    name,
    title: `${name} probe`,
    fact: z.record(z.string(), z.record(z.string(), json)),
    input: input.describe('a probe with the fields of Kubernetes, or some of them if the container has a probe'),
    ...lens,
    valueOf(own, objects, under) {
      const values = lens.read(objects, under);
      const probe = hasHandler(own) ? own : { ...ofContainer(values, under.container), ...own };
      const asks = handlerNames.filter((handler) => Object.hasOwn(probe, handler));
      if (asks.length !== 1)
        throw refused(
          name,
          own,
          asks.length === 0
            ? `container ${under.container} has no ${name} probe. Add what it asks: ${handlerNames.join(', ')}`
            : `a probe asks one of ${asks.join(' and ')}`,
        );
      return withContainer(values, under.container, plainProbe(probe));
    },
    takenAway: () => ({}),
    hasDefault: false,
    words: (values) =>
      Object.keys(values).length === 0 ? `no ${name} probe` : `${name} probe (${perContainer(values, probeInWords)})`,
    cell: (values) => perContainer(values, probeInWords),
    accepts: 'http:8080/ready or tcp:8080, asked every second, one failure is enough',
    parse,
    exercisedBy,
  } as Guarantee<Name, Input>);
};
