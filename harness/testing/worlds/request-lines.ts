import { type RequestField, requestFields } from '../../model/request.ts';

/** A row of a request, with its columns in the order of the header. */
export const rowLine = (row: { readonly [field in RequestField]: string | number | boolean }): string =>
  JSON.stringify(requestFields.map((field) => row[field]));

interface Used {
  readonly start: number;
  readonly reused: boolean;
  readonly sport: number;
}

/**
 * Numbers the connections of one generator: a new number for each request that opened one, and 0 for requests without a
 * port.
 */
export function connectionNumbers<Request extends Used>(requests: readonly Request[]): (request: Request) => number {
  const numbers = new Map<Request, number>();
  const open = new Map<number, number>();
  let last = 0;
  for (const request of requests.toSorted((one, other) => one.start - other.start)) {
    const { reused, sport } = request;
    if (sport > 0 && !(reused && open.has(sport))) open.set(sport, ++last);
    numbers.set(request, sport === 0 ? 0 : (open.get(sport) ?? 0));
  }
  return (request) => numbers.get(request) ?? 0;
}
