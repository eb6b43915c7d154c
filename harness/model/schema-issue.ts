/** A problem that a schema found in a value: the part of the issues of zod that is shown. */
export interface SchemaIssue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** For a union: the problems for each of its alternatives. */
  readonly errors?: readonly (readonly SchemaIssue[])[] | undefined;
}

/** The maximum number of problems in a message. */
const most = 3;

const within = (path: readonly PropertyKey[], issue: SchemaIssue): SchemaIssue => ({
  ...issue,
  path: [...path, ...issue.path],
});

/**
 * The issue of a union is not specific, so the issues of the closest alternative replace it: the one with the fewest
 * issues.
 */
function plain(issue: SchemaIssue): readonly SchemaIssue[] {
  const [nearest] = [...(issue.errors ?? [])].sort((one, other) => one.length - other.length);
  return nearest && nearest.length > 0 ? nearest.flatMap((each) => plain(within(issue.path, each))) : [issue];
}

/**
 * The issues as text. Unknown keys come first, because a mistyped key is also reported as missing under its correct
 * name.
 */
export function issuesInWords(issues: readonly SchemaIssue[]): string {
  const all = issues.flatMap(plain);
  const isKey = ({ code }: SchemaIssue) => code === 'unrecognized_keys';
  const sorted = [...all.filter(isKey), ...all.filter((issue) => !isKey(issue))];
  const words = sorted.map(({ path, message }) => [path.map(String).join('.'), message].filter(Boolean).join(': '));
  const more = words.length > most ? [`${words.length - most} more`] : [];
  return [...words.slice(0, most), ...more].join('; ');
}
