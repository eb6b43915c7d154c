import { z } from 'zod';
import type { BadVersionPlan } from '../../witness/rollout.ts';
import { witnesses } from '../../witness/witnesses.ts';
import { builderOf, noParams } from './builder.ts';
import { whenPodsEnd } from './causes.ts';
import { type NamespaceFault, NoTarget } from './fault.ts';
import { ownerInWords, ownerRef, readDeployment } from './owner.ts';
import { rolloutAnnotation, rolloutPatch } from './rollout-patch.ts';
import { planRollout, rolloutFields } from './rollout-plan.ts';

/** The variable of the specimen that delays the start of its listener. */
const knob = 'START_DELAY_MS';
const never = '86400000';

const withKnob = (container: string, value: string) => ({
  containers: [{ name: container, env: [{ name: knob, value }] }],
});

const fields = { ...rolloutFields, container: z.string(), startDelay: z.string(), probed: z.boolean() };

/** The previous annotation of the template; null if it had none. In older journals the previous label `version`. */
const previous = z.union([z.strictObject({ rollout: z.string().nullable() }), z.strictObject({ version: z.string() })]);
type Plan = BadVersionPlan & {
  readonly container: string;
  readonly startDelay: string;
  readonly before: z.infer<typeof previous>;
};

/** A plan in an older journal, whose rollout changed the label `version`. */
const olderPlan = z
  .strictObject({ ...fields, to: z.string() })
  .transform(({ to: _, ...plan }): Plan => ({ ...plan, before: { version: plan.from } }));

/** Rolls out a release whose process runs but never listens. */
export const badVersion = builderOf<NamespaceFault<Plan, typeof noParams, BadVersionPlan>>({
  name: 'bad-version',
  touches: 'namespace',
  does: 'rolls out a version whose process runs but never listens',
  standsFor: 'a broken release; with a readiness probe the rollout stops, without one it continues',
  undone: 'rolls back to the previous version',
  causes: whenPodsEnd,
  example: { params: {} },
  params: noParams,
  planned: z.union([z.strictObject({ ...fields, before: previous }), olderPlan]),
  recorded: z.object({ ...rolloutFields, probed: z.boolean() }),
  async plan(context) {
    const { spec } = await readDeployment(
      context,
      'A StatefulSet keeps a pod that never becomes ready, also after its template is restored',
    );
    const container = spec?.template.spec?.containers.find(({ env }) => env?.some(({ name }) => name === knob));
    const startDelay = container?.env?.find(({ name }) => name === knob)?.value;
    if (!container || startDelay === undefined)
      throw new NoTarget(`${ownerInWords(context)} has no ${knob}: only the specimen has a version that never listens`);
    return {
      ...(await planRollout(context)),
      container: container.name,
      startDelay,
      probed: container.readinessProbe !== undefined,
      before: { rollout: spec?.template.metadata?.annotations?.[rolloutAnnotation] ?? null },
    };
  },
  async inject(context, plan) {
    const { kube, namespace } = context;
    const bad = withKnob(plan.container, never);
    await kube.patch(ownerRef(namespace, plan.owner), rolloutPatch(context, plan, bad));
  },
  async heal({ kube, namespace }, { owner, before, container, startDelay }) {
    const ref = ownerRef(namespace, owner);
    if (!(await kube.read(ref))) return;
    const metadata =
      'version' in before
        ? { labels: { version: before.version } }
        : { annotations: { [rolloutAnnotation]: before.rollout } };
    await kube.patch(ref, { spec: { template: { metadata, spec: withKnob(container, startDelay) } } });
  },
  landed: witnesses['bad-version'],
});
