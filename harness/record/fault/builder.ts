import { z } from 'zod';
import type { FaultSpec } from '../../model/experiment.ts';

/** Of a fault that needs to know nothing. */
export const noParams = z.strictObject({});

interface Definition {
  readonly name: string;
  readonly params: z.ZodType;
}

type Arguments<Params> = Record<never, never> extends Params ? [params?: Params] : [params: Params];

/** What an experiment calls to name a fault; `fault` is what recording does with it. */
export interface FaultBuilder<Fault extends Definition> {
  /** The fault with these parameters; what is left out has its default. `./holdfast describe fault NAME` prints them. */
  (...params: Arguments<z.input<Fault['params']>>): FaultSpec;
  readonly fault: Fault;
}

/** The builder of a fault, whose parameters are those of its schema. */
export const builderOf = <Fault extends Definition>(fault: Fault): FaultBuilder<Fault> =>
  Object.assign(
    (...[params]: Arguments<z.input<Fault['params']>>): FaultSpec => ({
      name: fault.name,
      params: (params ?? {}) as FaultSpec['params'],
    }),
    { fault },
  );
