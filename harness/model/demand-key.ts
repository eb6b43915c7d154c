import type { Demand } from './experiment.ts';

/** The key of a demand, without its limit: `ready-endpoints`, `margin-close`. It is the subject of its check. */
export function demandKey(demand: Demand): string {
  switch (demand.kind) {
    case 'ready-endpoints':
      return `${demand.of ?? 'ready'}-endpoints`;
    case 'running-at-end':
      return demand.revision === undefined ? demand.kind : `${demand.kind}-${demand.revision}`;
    case 'together':
      return `${demand.kind}-${demand.over}`;
    case 'added-latency':
      return `${demand.kind}-p${demand.percentile}`;
    case 'margin':
      return `${demand.kind}-${demand.of}`;
    default:
      return demand.kind;
  }
}
