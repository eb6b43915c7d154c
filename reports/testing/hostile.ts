import type { RunFindings } from '../../harness/model/finding.ts';

/** What terminals act on, what turns the direction of text, what ends markup, and what no document may hold. */
export const hostileText =
  '\u001b[31m\u001b]52;c;ZXZpbA==\u0007\u001b]8;;http://evil.invalid\u001b\\\u001b]0;PWN\u0007\u009d52;c;ZXZpbA==\u009c' +
  '\r\n\u0000\u007f\b\u202e\u2066\u200b\u061c\ufeff\u2028\ud83d\ufffe' +
  '</script></style><img src=x onerror=alert(1)><svg onload=alert(1)><iframe src="//evil.invalid">"\'& style="background:url(//evil.invalid)" ]]><!--';

/** Control characters and such that turn the direction of text, or hide it; a newline is none. */
export const controls = /[^\P{Cc}\n]|\p{Bidi_Control}|[\u200b\u2028\u2029\ufeff]|\p{Cs}/u;

/** The run with one text in place of every text that comes from outside; before names, that must stay apart. */
export function sayingEverywhere(text: string, run: RunFindings): RunFindings {
  const fixed = new Set([
    'verdict',
    'role',
    'kind',
    'state',
    'podBy',
    'phase',
    'cause',
    'startedAt',
    'judgedAt',
    'conn',
    'arose',
    'schema',
    'imageSource',
    'drain',
  ]);
  const said: RunFindings = JSON.parse(JSON.stringify(run), (key, value) =>
    typeof value === 'string' && !fixed.has(key) ? (key === 'name' ? text + value : text) : value,
  );
  return said;
}

/** The run with hostile text in place of every text and every key that comes from outside. */
export function hostileRun(run: RunFindings): RunFindings {
  const said = sayingEverywhere(hostileText, run);
  const keyed = { [hostileText]: hostileText };
  const { plan } = said;
  return {
    ...said,
    plan: {
      ...plan,
      startedAt: hostileText,
      settings: keyed,
      lab: { ...plan.lab, kind: hostileText, sysctls: keyed, digests: keyed },
    },
    experiments: said.experiments.map((experiment) => ({
      ...experiment,
      arms: experiment.arms.map((arm) => ({
        ...arm,
        requests: {
          ...arm.requests,
          failed: arm.requests.failed + 1,
          byCause: { ...arm.requests.byCause, [hostileText]: 1 },
          byGenerator: Object.fromEntries(
            Object.values(arm.requests.byGenerator).map((counts, index) => [`${hostileText}${index}`, counts]),
          ),
        },
      })),
    })),
  };
}
