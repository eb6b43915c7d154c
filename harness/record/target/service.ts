import type { V1Pod, V1Service, V1ServicePort } from '../../sys/kube.ts';
import { NoTarget } from '../fault/fault.ts';

/** Whether the Service has an IP address of its own. A headless Service has none. */
export const hasClusterIp = ({ spec }: V1Service): boolean =>
  spec?.clusterIP !== undefined && spec.clusterIP !== '' && spec.clusterIP !== 'None';

/** The Service in a message, such as `Service shop/db`. */
export const serviceInWords = ({ metadata }: V1Service): string => `Service ${metadata?.namespace}/${metadata?.name}`;

/** Throws `NoTarget` if the Service has no cluster IP, or no port. */
export function addressOf(service: V1Service): { readonly clusterIp: string; readonly port: V1ServicePort } {
  const { spec } = service;
  const [port] = spec?.ports ?? [];
  if (!hasClusterIp(service))
    throw new NoTarget(
      `${serviceInWords(service)} has no cluster IP, and headless Services are not supported yet. Add a Service with a cluster IP that selects the same pods`,
    );
  if (!port) throw new NoTarget(`${serviceInWords(service)} has no port. Add the port that its clients use`);
  return { clusterIp: spec?.clusterIP ?? '', port };
}

/**
 * The number of the port on which the pod gets what is sent to a port of the Service. Throws `NoTarget` if the target
 * port has a name that no container of the pod has.
 */
export function targetPortOf(
  service: V1Service,
  { port, targetPort = port, protocol = 'TCP' }: V1ServicePort,
  { spec }: V1Pod,
): number {
  if (typeof targetPort === 'number') return targetPort;
  const sidecars = (spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  const named = [...(spec?.containers ?? []), ...sidecars]
    .flatMap(({ ports = [] }) => ports)
    .find((each) => each.name === targetPort && (each.protocol ?? 'TCP') === protocol);
  if (!named)
    throw new NoTarget(
      `${serviceInWords(service)} has the target port ${targetPort}, but no container of its pods has a ${protocol} port of that name. Add it to the container, or use a number`,
    );
  return named.containerPort;
}
