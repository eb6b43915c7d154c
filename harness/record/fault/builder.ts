import { z } from 'zod';
import type { FaultSpec } from '../../model/experiment.ts';

/** The schema of a fault without parameters. */
export const noParams = z.strictObject({});

interface Definition {
  readonly name: string;
  readonly params: z.ZodType;
}

type Arguments<Params> = Record<never, never> extends Params ? [params?: Params] : [params: Params];

/** Returns the fault as an experiment names it. `fault` is the definition that the recorder uses. */
export interface FaultBuilder<Fault extends Definition> {
  /**
   * The fault with these parameters. Missing parameters have their default. `./holdfast describe fault NAME` prints
   * them.
   */
  (...params: Arguments<z.input<Fault['params']>>): FaultSpec;
  readonly fault: Fault;
}

/** The builder of a fault. Its parameters have the types of the schema. */
export const builderOf = <Fault extends Definition>(fault: Fault): FaultBuilder<Fault> =>
  Object.assign(
    (...[params]: Arguments<z.input<Fault['params']>>): FaultSpec => ({
      name: fault.name,
      params: (params ?? {}) as FaultSpec['params'],
    }),
    { fault },
  );
