import type { Micros } from '../../model/units.ts';
import type { RuleLine } from '../../recording/rule-line.ts';

/** The endpoints that the client node’s rules led to, from `at` until the next set. */
export interface RuleSet {
  readonly at: Micros;
  /** Endpoint addresses. */
  readonly endpoints: ReadonlySet<string>;
}

/** The most endpoints of a Service that are kept. A damaged recording may claim any number. */
export const mostEndpoints = 1000;

/** The rules of one Service over time, built from nft’s output. */
export interface RuleFold {
  see(line: RuleLine): void;
  /** In order of time; empty if nothing was recorded of the Service. */
  sets(): readonly RuleSet[];
  /** When kube-proxy synced, as far as its rules show. */
  readonly syncs: readonly Micros[];
  /** Whether they keep each client to one endpoint (sessionAffinity: ClientIP). */
  readonly keepClients: boolean;
  /** Why the record by itself shows that lines are missing; undefined if it does not. */
  readonly flaw: string | undefined;
}
