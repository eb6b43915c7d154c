import { isDeepStrictEqual } from 'node:util';
import { factsOf } from '../guarantees/facts.ts';
import { guarantees } from '../guarantees/registry.ts';
import type { Facts } from '../model/facts.ts';
import type { ArmPlan, ExperimentPlan } from '../model/plan.ts';

/** The guarantees that an arm lacks although its workload, or a treatment with the same disruptions, gives them. */
function takenAway(arm: ArmPlan, { objects, arms }: Pick<ExperimentPlan, 'objects' | 'arms'>) {
  const { owner, service, container, facts } = arm.workload;
  const under = { owner, service, container };
  const beside = arms.filter(
    ({ role, disruptions }) => role === 'treatment' && isDeepStrictEqual(disruptions, arm.disruptions),
  );
  const giving: Facts[] = beside.map(({ workload }) => workload.facts);
  if (objects) giving.push(factsOf(objects, under));
  return guarantees.filter(({ name, takenAway: valueWithout }) => {
    const without = valueWithout(under);
    return isDeepStrictEqual(facts[name], without) && giving.some((each) => !isDeepStrictEqual(each[name], without));
  });
}

/**
 * The guarantees that an unprotected arm takes away although none of its faults can show the loss, as sentences. Such an
 * arm would prove nothing about them.
 */
export function notExercised(arm: ArmPlan, plan: Pick<ExperimentPlan, 'objects' | 'arms'>): string[] {
  if (arm.role !== 'unprotected') return [];
  const faults = arm.disruptions.map(({ fault }) => fault.name);
  return takenAway(arm, plan)
    .filter(({ exercisedBy }) => !faults.some((fault) => exercisedBy.includes(fault)))
    .map(
      ({ name, exercisedBy }) =>
        `it removes ${name}, but ${faults.join(', ')} cannot show that loss. Faults that can: ${exercisedBy.join(', ')}`,
    );
}
