import type { RunFindings } from '../../harness/model/finding.ts';

/**
 * Control characters, characters that change the direction of text, markup, and characters that no document may
 * contain.
 */
export const hostileText =
  '\u001b[31m\u001b]52;c;ZXZpbA==\u0007\u001b]8;;http://evil.invalid\u001b\\\u001b]0;PWN\u0007\u009d52;c;ZXZpbA==\u009c' +
  '\r\n\u0000\u007f\b\u202e\u2066\u200b\u061c\ufeff\u2028\ud83d\ufffe' +
  '</script></style><img src=x onerror=alert(1)><svg onload=alert(1)><iframe src="//evil.invalid">"\'& style="background:url(//evil.invalid)" ]]><!--';

/** Control characters, and characters that change the direction of text or hide it. A newline is allowed. */
export const controls = /[^\P{Cc}\n]|\p{Bidi_Control}|[\u200b\u2028\u2029\ufeff]|\p{Cs}/u;

/** Replaces every text from outside by one text. Names still end with their own text, so that they stay different. */
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
    'type',
  ]);
  const said: RunFindings = JSON.parse(JSON.stringify(run), (key, value) =>
    typeof value === 'string' && !fixed.has(key) ? (key === 'name' ? text + value : text) : value,
  );
  return said;
}

/** Replaces every text and every key from outside by hostile text. */
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
