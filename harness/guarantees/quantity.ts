import type { Json } from '../model/units.ts';

/** Powers of ten of the decimal suffixes, from the largest. */
const decimal = Object.entries({ E: 18, P: 15, T: 12, G: 9, M: 6, k: 3, '': 0, m: -3, u: -6, n: -9 });
/** Powers of 1024 of the binary suffixes, from the largest. */
const binary = Object.entries({ Ei: 6, Pi: 5, Ti: 4, Gi: 3, Mi: 2, Ki: 1 });

/** Quantities are whole numbers of this. */
const nano = 9;
const one = 10n ** BigInt(nano);

const form = /^([+-]?)(\d{1,30})(?:\.(\d{0,30}))?(?:([eE][+-]?\d{1,2})|([KMGTPE]i)|([numkMGTPE]))?$/;

/**
 * A quantity in the form that the API server writes: `1000m` is `1`, `0.5` is `500m`, `1024Mi` is `1Gi`. Exponents become
 * suffixes. What is not a quantity stays as it is.
 */
export function plainQuantity(quantity: Json): Json {
  const [text, sign = '', whole = '', fraction = '', exponent, binarySuffix, suffix = ''] =
    form.exec(String(quantity)) ?? [];
  if (text === undefined) return quantity;
  const ten =
    exponent === undefined ? (decimal.find(([name]) => name === suffix)?.[1] ?? 0) : Number(exponent.slice(1));
  const factor = 1024n ** BigInt(binary.find(([name]) => name === binarySuffix)?.[1] ?? 0);
  const digits = BigInt(whole + fraction) * factor;
  const shift = nano + ten - fraction.length;
  const nanos = shift >= 0 ? digits * 10n ** BigInt(shift) : roundedUp(digits, 10n ** BigInt(-shift));
  const isBinary = binarySuffix !== undefined && nanos % one === 0n && nanos >= 1024n * one;
  const words = isBinary ? withBinarySuffix(nanos / one) : withDecimalSuffix(nanos);
  return sign === '-' && words !== '0' ? `-${words}` : words;
}

const roundedUp = (amount: bigint, by: bigint): bigint => (amount + by - 1n) / by;

function withBinarySuffix(amount: bigint): string {
  const found = binary.find(([, power]) => amount % 1024n ** BigInt(power) === 0n);
  return found ? `${amount / 1024n ** BigInt(found[1])}${found[0]}` : String(amount);
}

function withDecimalSuffix(nanos: bigint): string {
  if (nanos === 0n) return '0';
  const [suffix, power] = decimal.find(([, ten]) => nanos % 10n ** BigInt(nano + ten) === 0n) ?? ['n', -nano];
  return `${nanos / 10n ** BigInt(nano + power)}${suffix}`;
}
