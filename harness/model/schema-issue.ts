/** What a schema found wrong with a value: the part of zod's issues that is said to people. */
export interface SchemaIssue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** Of a union: what each of its kinds found wrong. */
  readonly errors?: readonly (readonly SchemaIssue[])[] | undefined;
}

/** Most problems that are said at once. */
const most = 3;

const within = (path: readonly PropertyKey[], issue: SchemaIssue): SchemaIssue => ({
  ...issue,
  path: [...path, ...issue.path],
});

/** An issue of a union says nothing: that of the kind that is nearest does, which is the one with the fewest issues. */
function plain(issue: SchemaIssue): readonly SchemaIssue[] {
  const [nearest] = [...(issue.errors ?? [])].sort((one, other) => one.length - other.length);
  return nearest && nearest.length > 0 ? nearest.flatMap((each) => plain(within(issue.path, each))) : [issue];
}

/** Unknown keys first: a mistyped name is then also missing under its right name. */
export function issuesInWords(issues: readonly SchemaIssue[]): string {
  const all = issues.flatMap(plain);
  const isKey = ({ code }: SchemaIssue) => code === 'unrecognized_keys';
  const sorted = [...all.filter(isKey), ...all.filter((issue) => !isKey(issue))];
  const words = sorted.map(({ path, message }) => [path.map(String).join('.'), message].filter(Boolean).join(': '));
  const more = words.length > most ? [`${words.length - most} more`] : [];
  return [...words.slice(0, most), ...more].join('; ');
}
