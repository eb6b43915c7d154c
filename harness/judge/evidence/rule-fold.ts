import type { Micros } from '../../model/units.ts';
import type { RuleLine } from '../../recording/rule-line.ts';

/** Where the rules of the client's node sent connections to a Service, from a moment to the next change. */
export interface RuleSet {
  readonly at: Micros;
  /** Addresses of endpoints. */
  readonly endpoints: ReadonlySet<string>;
}

/** Of one Service; a recording that is damaged may claim any number. */
export const mostEndpoints = 1000;

/** The rules that lead to one Service over time, put together from what nft told. */
export interface RuleFold {
  see(line: RuleLine): void;
  /** In order of time; empty where nothing was recorded of the Service. */
  sets(): readonly RuleSet[];
  /** When kube-proxy synced, as far as its rules show. */
  readonly syncs: readonly Micros[];
  /** Whether they keep each client to one endpoint (sessionAffinity: ClientIP). */
  readonly keepClients: boolean;
  /** What shows by itself that some of the record is missing. */
  readonly flaw: string | undefined;
}
