import { applyChanges } from '../guarantees/changes.ts';
import { factsOf } from '../guarantees/facts.ts';
import { underTest } from '../guarantees/under-test.ts';
import type { Change } from '../model/change.ts';
import type { LabConditions, Workload } from '../model/experiment.ts';
import { forLab } from '../model/for-lab.ts';
import type { Manifests } from '../model/manifest.ts';
import type { PlannedWorkload } from '../model/plan.ts';
import { recordedObjects } from '../model/recorded-objects.ts';
import type { Json } from '../model/units.ts';
import { UsageError } from '../model/usage-error.ts';

/** The values of a workload's options after these changes. */
function optionsAfter({ options }: Workload, changes: readonly Change[]): { readonly [option: string]: Json } {
  const values = Object.entries(options).map(([option, { value }]) => [option, value] as const);
  for (const change of changes)
    if ('option' in change && !Object.hasOwn(options, change.option))
      throw new UsageError(`the workload has no option ${change.option}. Options: ${Object.keys(options).join(', ')}`);
  const changed = changes.flatMap((change) => ('option' in change ? [[change.option, change.value] as const] : []));
  return Object.fromEntries([...values, ...changed]);
}

/** The objects of a workload after these changes, as they are before the lab changes them. Throws `UsageError`. */
export function objectsOf(workload: Workload, changes: readonly Change[]): Manifests {
  const objects = workload.objects(optionsAfter(workload, changes));
  return applyChanges(objects, underTest(objects, workload.serves), changes);
}

/** No part of this place decides which fields the lab changes. */
const anyPlace = (images: { readonly [name: string]: string }) => ({
  namespace: '',
  images,
  evidencePath: '',
  generatorNode: '',
});

/** Every image of the objects, as one that the lab loads. */
const loadedImages = { specimen: 'specimen' };

/** The workload of an arm, with all changes applied. Throws `UsageError` for a change that is not possible. */
export function plannedWorkload(workload: Workload, changes: readonly Change[], lab: LabConditions): PlannedWorkload {
  const objects = objectsOf(workload, changes);
  const under = underTest(objects, workload.serves);
  const { owner, container, service } = under;
  const values = optionsAfter(workload, changes);
  const options = Object.entries(workload.options).map(([option, { words }]) => {
    const value = values[option] ?? null;
    const said = words(value);
    return [option, { value, ...(said !== undefined && { words: said }) }] as const;
  });
  return {
    name: workload.name,
    owner,
    container,
    service,
    changes,
    options: Object.fromEntries(options),
    facts: factsOf(objects, under),
    objects: recordedObjects(objects),
    changedForLab: forLab(objects, { workload: { owner, container, log: workload.log }, lab }, anyPlace(loadedImages))
      .changes,
  };
}
