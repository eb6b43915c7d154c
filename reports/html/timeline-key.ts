import { Markup, markup } from './markup.ts';

const sample = (drawing: string): Markup =>
  new Markup(`<svg class="icon" width="26" height="12" viewBox="0 0 26 12" aria-hidden="true">${drawing}</svg>`);

const entries: readonly (readonly [string, string])[] = [
  ['<path d="M1 6h24M1 3v6" class="pending"/>', 'Pending'],
  ['<rect x="1" y="2" width="24" height="8" class="bar-starting"/>', 'started, not Ready'],
  ['<rect x="1" y="2" width="24" height="8" class="bar-ready"/>', 'Ready'],
  ['<rect x="1" y="2" width="24" height="8" class="bar-terminating"/>', 'terminating, in preStop'],
  ['<path d="M9 1l7 5l-7 5z" class="pennant"/>', 'SIGTERM'],
  [
    '<rect x="1" y="2" width="20" height="8" class="bar-stopping"/><path d="M21 0v12" class="post"/>',
    'stopping, then gone',
  ],
  ['<rect x="1" y="5" width="24" height="2" class="listens"/>', 'process listens'],
  ['<rect x="1" y="5" width="24" height="2.5" class="slice-ready"/>', 'EndpointSlice: ready'],
  ['<path d="M1 6h24" class="slice-terminating"/>', 'EndpointSlice: terminating'],
  ['<path d="M9 1v10M13 1v10M18 1v10" class="tick cause-b"/>', 'failed request, on the pod it is attributed to'],
  ['<rect x="1" y="0" width="24" height="12" class="band"/>', 'a pod’s disruption, from delete to gone'],
];

/** What the lanes are drawn with. */
export const laneKey: Markup = markup`${entries.map(([drawing, words]) => markup`<span>${sample(drawing)}${words}</span>`)}`;
