import type { Cause } from '../../model/cause.ts';
import type { EvidenceLine, PodBy } from '../../model/finding.ts';
import type { ArmPlan } from '../../model/plan.ts';
import type { Request } from '../../model/request.ts';
import type { Micros } from '../../model/units.ts';
import type { ConntrackEvent } from '../../recording/conntrack.ts';
import type { Answers } from '../evidence/answers.ts';
import type { ClientRules } from '../evidence/client-rules.ts';
import type { Connections } from '../evidence/connections.ts';
import type { Ports } from '../evidence/ports.ts';
import type { ServerEntry, ServerLog } from '../evidence/server-log.ts';
import type { PodHistory } from '../timeline/pod-history.ts';
import type { Timeline } from '../timeline/timeline.ts';

/** Where the evidence about a failure is looked up. */
export interface Sources {
  readonly plan: ArmPlan;
  readonly timeline: Timeline;
  readonly connections: Connections;
  readonly serverLog: ServerLog;
  readonly answers: Answers;
  readonly ports: Ports;
  readonly rules: ClientRules;
}

/** Where a failed request went. */
export type Route =
  | {
      readonly kind: 'pod';
      readonly pod: PodHistory;
      readonly by: PodBy;
      readonly at: Micros;
      readonly entry?: ConntrackEvent;
    }
  /** Conntrack saw an endpoint that no watch knows. */
  | { readonly kind: 'stranger'; readonly ip: string; readonly clusterIp: string; readonly at: Micros }
  /** No connection was opened, and an older entry of its source port still stood. */
  | { readonly kind: 'old-entry'; readonly entry: ConntrackEvent; readonly pod: PodHistory | undefined }
  /** Conntrack was recorded and saw no connection. */
  | { readonly kind: 'no-connection' }
  /** There is no record of connections, or not of all of them. */
  | { readonly kind: 'unknown' };

/** A failed request, with where it went and what a pod wrote of it. */
export interface FailureCase extends Sources {
  readonly request: Request;
  readonly route: Route;
  readonly served: ServerEntry | undefined;
}

/** The pod that a failure is put to, and when the connection or the request reached for it. */
export interface Suspect {
  readonly pod: PodHistory;
  readonly at: Micros;
  readonly by: PodBy;
}

export interface Attribution {
  readonly cause: Cause;
  readonly pod: string;
  readonly podBy: PodBy;
  readonly words: string;
  /** Made when asked for: most failures are only counted. */
  readonly evidence: () => readonly EvidenceLine[];
}

/** Undefined where the cause does not explain the failure. */
export type CauseRule = (failure: FailureCase) => Attribution | undefined;
export type PodCauseRule = (failure: FailureCase, suspect: Suspect) => Attribution | undefined;
