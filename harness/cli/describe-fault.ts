import type { DescribeFault } from '../plan/text.ts';
import { faultNamed } from '../record/fault/catalogue.ts';

/** What the catalogue says of a fault. */
export const describeFault: DescribeFault = ({ name }) => {
  const { does, faithfulTo, undone } = faultNamed(name);
  return { does, faithfulTo, undone };
};
