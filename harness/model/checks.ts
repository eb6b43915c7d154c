import { ownCommand } from './own-command.ts';
export interface CheckWords {
  /** A sentence that is true if the check passes. */
  readonly title: string;
  /** What the check compares, as one question. */
  readonly asks: string;
  /** What to do if it is inconclusive. */
  readonly ifInconclusive: string;
  /** The kind of its subject, if an arm or an experiment has one finding per subject. */
  readonly of?: 'disruption' | 'demand' | 'arm';
  /** Its names in holdfast.findings/2. If the check has a subject, `: SUBJECT` follows the name. */
  readonly formerly?: readonly string[];
}

/** Every check of the judge, by its id. An id is never changed and never given to another check. */
export const checks = {
  'loss-as-expected': {
    title: 'The result is what the arm expects',
    asks: 'Do the failed requests, the outage or the placement of pods match the expectation of the arm?',
    ifInconclusive:
      'Read why in what was measured: an unprotected arm that lost nothing cannot detect a loss, and a slow machine cannot show one.',
    formerly: ['losses are as expected'],
  },
  'failures-attributed': {
    title: 'Every failed request has a cause',
    asks: 'Does the evidence determine a cause for all but very few failed requests?',
    ifInconclusive: 'Print the failed requests without a cause; the usual reasons are a watch gap and a missing log.',
    formerly: ['every failure has a cause'],
  },
  'fault-landed': {
    title: 'The fault takes effect',
    asks: 'Did observers, not the injector, see that the disruption did what it is meant to do?',
    ifInconclusive: `Read what is missing. If the fault was skipped, the host cannot inject it: see ${ownCommand} doctor.`,
    of: 'disruption',
    formerly: ['the fault landed'],
  },
  'nothing-disturbed': {
    title: 'Nothing disturbs an arm without faults',
    asks: 'Did the pods, the nodes and the API server stay as they were in an arm that injects nothing?',
    ifInconclusive: 'Find out what disturbed the cluster, then run again.',
    formerly: ['nothing was disturbed'],
  },
  'demand-met': {
    title: 'The arm meets its demand',
    asks: 'Is what the arm demands besides its expectation so, such as a number of ready endpoints?',
    ifInconclusive: 'Read what was measured: the recording does not show it, or the machine may be the reason.',
    of: 'demand',
  },
  'budget-respected': {
    title: 'Evictions respect the disruption budget',
    asks: 'Did each allowed eviction leave as many healthy pods as the PodDisruptionBudget demands?',
    ifInconclusive: 'Check that the fault evicts pods, and that the budget and the endpoints were watched.',
    formerly: ['the disruption budget held'],
  },
  'clean-baseline': {
    title: 'No request fails before the fault',
    asks: 'Were all requests of the baseline answered?',
    ifInconclusive: 'Read the causes of the failed requests, repair the workload or the lab, then run again.',
    formerly: ['it was well before the fault'],
  },
  'clean-tail': {
    title: 'No request fails after the fault',
    asks: 'Were all requests of the tail answered, after the fault phase?',
    ifInconclusive: 'Give the workload more time to recover: make the fault phase longer.',
    formerly: ['it was well after the fault'],
  },
  'load-delivered': {
    title: 'The generators send and record the planned load',
    asks: 'Did each generator send at its rate, drop nothing, and record each request?',
    ifInconclusive: 'Plan a lower rate, or stop other work on the machine. A cut-off file means that a generator died.',
    formerly: ['the load was delivered'],
  },
  'answers-identified': {
    title: 'Every answer names the pod that gave it',
    asks: 'Does each answer carry the name of its pod, and does conntrack agree?',
    ifInconclusive: 'Check that the workload sends its pod name in every answer, and that no proxy answers for it.',
    formerly: ['every answer proved who gave it'],
  },
  'recordings-agree': {
    title: 'Sampled requests are in conntrack and in the logs of their pods',
    asks: 'Do requests, conntrack and the pods’ logs show the same requests at the same time?',
    ifInconclusive:
      'Run again on a less busy machine; if it stays, one of the recordings lost lines or its clock differs.',
    formerly: ['the recordings agree'],
  },
  'hidden-retries': {
    title: 'Retries within the client are counted',
    asks: 'How many requests did the client send again by itself? This is a note and always passes.',
    ifInconclusive: 'It is only inconclusive if the check itself crashed: report that.',
    formerly: ['hidden retries'],
  },
  'terminated-as-routed': {
    title: 'As many requests fail at terminated pods as were routed to them',
    asks: 'Does the number of these failures match the rate over the endpoints? This is a note and always passes.',
    ifInconclusive: 'It is only inconclusive if the check itself crashed: report that.',
    formerly: ['as many failed at terminated pods as were routed there'],
  },
  exposed: {
    title: 'The fault meets the traffic',
    asks: 'Did requests of each kind reach every pod that was taken, and could they when it was taken?',
    ifInconclusive: 'Do what the check says would help, such as a higher rate or a longer baseline.',
  },
  'no-watch-gaps': {
    title: 'The watches miss nothing',
    asks: 'Is each watch without a gap, and was every pod that others saw also seen by the pod watch?',
    ifInconclusive: 'Run again. If it stays, the API server drops the watches: look at its log.',
    formerly: ['nothing was missed'],
  },
  'watches-match-logs': {
    title: 'The watches and the logs of the pods agree',
    asks: 'Did the watch see pods become ready, terminate and end in the order that their logs show?',
    ifInconclusive: 'Run again on a less busy machine; check that no pod’s log was cut off.',
    formerly: ['the watches and the pods’ logs agree'],
  },
  'witnesses-agree': {
    title: 'Requests, connections, logs and watches agree',
    asks: 'Does each source show the same requests, the same connections and the same ready pods?',
    ifInconclusive: 'Read which two sources differ: one of them lost lines or records something else.',
  },
  'machine-could-measure': {
    title: 'The machine is able to measure',
    asks: 'Were requests sent on time, without long pauses, stolen CPU time or nodes lost by themselves?',
    ifInconclusive: 'Stop what else runs on the machine, plan a lower rate, or use more processors.',
  },
  'clock-steady': {
    title: 'The clocks are steady',
    asks: 'Did the wall clock never step, and are the clocks of other machines known well enough?',
    ifInconclusive: 'Let the machine synchronise its clock before the run, and do not suspend it.',
    formerly: ['the clock held'],
  },
  'recording-intact': {
    title: 'The recording is complete and undamaged',
    asks: 'Can everything be read that was recorded, and is it as it was when it was sealed?',
    ifInconclusive: 'Copy the run again from where it was recorded, or record it again.',
    formerly: ['the recording is whole'],
  },
  'as-planned': {
    title: 'What ran is what was planned',
    asks: 'Did phases, requests, cluster and disruptions follow the plan, and do arms differ in the workload alone?',
    ifInconclusive: 'Read what differs from the plan. Change the plan or the machine, and run again.',
  },
  'arm-complete': {
    title: 'The arm runs to its end',
    asks: 'Did the arm go through every phase, and was everything undone?',
    ifInconclusive: 'Read why it ended early, remove the reason, and run again.',
    formerly: ['the arm ran to its end'],
  },
  'arm-recorded': {
    title: 'The arm is recorded and can be read',
    asks: 'Is there a recording of the arm that the judge can read?',
    ifInconclusive: 'Copy the run again from where it was recorded, or record it again.',
    formerly: ['the arm was recorded'],
  },
  'experiment-valid': {
    title: 'The experiment has a control, a treatment and an unprotected arm',
    asks: 'Is there an arm of each role?',
    ifInconclusive: 'Run all arms: leave out --arm, or add the missing role to the experiment.',
    formerly: ['the arms make an experiment'],
  },
  'every-run-counts': {
    title: 'Every run of the arm passes',
    asks: 'Did all planned repeats of the arm run, and did each pass?',
    ifInconclusive: 'Read which repeat did not pass or did not run, and why.',
    of: 'arm',
    formerly: ['every run counts'],
  },
  'claim-shown': {
    title: 'Enough clean trials show the claim',
    asks: 'Are there as many clean trials of the treatment as the claim needs, and no bad one?',
    ifInconclusive: 'Repeat the treatment more often, until the number of clean trials is reached.',
    of: 'arm',
    formerly: ['the claim is shown'],
  },
} as const satisfies { readonly [id: string]: CheckWords };

export type CheckId = keyof typeof checks;

/** A check and its subject, if it has one. */
export interface Asked {
  /** A `CheckId`, or an unknown name in findings of another version. */
  readonly check: string;
  readonly of?: string | undefined;
}

/** A check and its subject as one string: `clean-baseline`, `fault-landed: drain`. */
export type CheckKey = CheckId | `${CheckId}: ${string}`;

export const isCheckId = (name: string): name is CheckId => Object.hasOwn(checks, name);

/** The key that tools compare: `fault-landed: drain`. */
export const checkKey = ({ check, of }: Asked): string => (of === undefined ? check : `${check}: ${of}`);

/** The title of a check. An unknown name stays unchanged. */
export const checkTitle = (check: string): string => (isCheckId(check) ? checks[check].title : check);

/** The text for people: `The fault takes effect: drain`. */
export const checkInWords = ({ check, of }: Asked): string => checkKey({ check: checkTitle(check), of });
