import { z } from 'zod';

/** The part of a JSON schema that parameters are made of. */
interface Schema {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly maximum?: number;
  readonly properties?: { readonly [name: string]: Schema };
  readonly required?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
}

export interface Parameter {
  readonly name: string;
  /** What the parameter means. */
  readonly says: string;
  /** The kinds of values that it accepts. */
  readonly kinds: readonly { readonly type: string; readonly says: string }[];
  /** Absent if the parameter is required. */
  readonly default?: unknown;
}

/** The parameters of a schema, in its order. */
export function parametersOf(params: z.ZodType): Parameter[] {
  const { properties = {}, required = [] } = z.toJSONSchema(params, { io: 'input' }) as Schema;
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    says: schema.description ?? '',
    kinds: kindsOf(schema).map((kind) => ({
      type: typeInWords(kind, name),
      says: kind.properties ? (kind.description ?? '') : '',
    })),
    ...(!required.includes(name) && { default: schema.default }),
  }));
}

/** Each kind of a union, and of unions in it. */
const kindsOf = (schema: Schema): readonly Schema[] => {
  const kinds = schema.anyOf ?? schema.oneOf;
  return kinds ? kinds.flatMap(kindsOf) : [schema];
};

const quoted = (value: unknown): string => (typeof value === 'string' ? `'${value}'` : String(value));

function typeInWords(schema: Schema, name: string): string {
  if (schema.const !== undefined) return quoted(schema.const);
  if (schema.enum) return schema.enum.map(quoted).join(', ');
  if (schema.properties) {
    const { properties, required = [] } = schema;
    const fields = Object.entries(properties).map(
      ([field, of]) => `${field}${required.includes(field) ? '' : '?'}: ${typeInWords(of, field)}`,
    );
    return `{ ${fields.join(', ')} }`;
  }
  switch (schema.type) {
    case 'integer':
      return numberInWords(schema, name.endsWith('Ms') ? 'milliseconds' : 'a whole number');
    case 'boolean':
      return 'true or false';
    case 'string':
      return 'text';
    default:
      throw new Error(`no words for a parameter of type ${schema.type}`);
  }
}

function numberInWords({ minimum, exclusiveMinimum, maximum }: Schema, words: string): string {
  const least = exclusiveMinimum === undefined ? minimum : exclusiveMinimum + 1;
  const most = maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? undefined : maximum;
  return [words, least === undefined ? '' : `from ${least}`, most === undefined ? '' : `to ${most}`]
    .filter(Boolean)
    .join(' ');
}
