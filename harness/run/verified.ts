import { ownCommand } from '../model/own-command.ts';
import type { ArmPlan } from '../model/plan.ts';
import { faultNamed } from '../record/fault/catalogue.ts';
import { NotUndone } from '../record/undo/undo.ts';

/**
 * Checks that the cluster is in its original state, except for the namespaces `kept`. With `routes`, it also tests the
 * routes between nodes. Rejects with the differences. It cannot be interrupted.
 */
export type VerifyCluster = (options: { readonly routes: boolean; readonly kept: readonly string[] }) => Promise<void>;

/**
 * Waits for an arm and then verifies the cluster, also if the arm failed. Throws `NotUndone` if the cluster differs,
 * otherwise the error of the arm.
 */
export async function verified(
  running: Promise<void>,
  { disruptions }: Pick<ArmPlan, 'disruptions'>,
  { verify, kept }: { readonly verify: VerifyCluster; readonly kept: readonly string[] },
): Promise<void> {
  const broke = await running.then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  if (disruptions.length > 0 && !(broke?.error instanceof NotUndone)) {
    const routes = disruptions.some(({ fault }) => faultNamed(fault.name).breaksRoutes);
    await verify({ routes, kept }).catch((error: Error) => {
      throw new NotUndone([error], broke?.error, `${ownCommand} cluster reset`);
    });
  }
  if (broke) throw broke.error;
}
