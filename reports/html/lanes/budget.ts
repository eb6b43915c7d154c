import type { BudgetLane } from '../../../harness/model/finding.ts';
import { isolatedInSvg, type Markup, markup } from '../markup/markup.ts';
import { fitted, hairline, type Lane, laneLabel } from './lane.ts';
import type { TimeScale } from './scale.ts';
import { stepLine } from './step-line.ts';

const base = 52;
const top = 18;

/** Healthy pods as a solid line, desired pods as a dashed line, and the allowed disruptions above each change. */
export function budgetLane(scale: TimeScale, { budget, changes }: BudgetLane): Lane {
  const start = changes.findLastIndex(({ at }) => at <= scale.from);
  const shown = changes.slice(Math.max(0, start)).filter(({ at }) => at < scale.end);
  const label = laneLabel(markup`Budget ${isolatedInSvg(fitted(budget, 11))}`, 'healthy, desired', 32);
  if (shown.length === 0)
    return { height: 60, label, plot: markup`<text x="4" y="32" class="quiet">not recorded</text>` };
  const most = Math.max(
    1,
    ...shown.map(({ currentHealthy, desiredHealthy }) => Math.max(currentHealthy, desiredHealthy)),
  );
  const y = (pods: number) => base - (pods / most) * (base - top);
  const healthy = stepLine(
    scale,
    shown.map(({ at, currentHealthy }) => [at, y(currentHealthy)] as const),
  );
  const desired = stepLine(
    scale,
    shown.map(({ at, desiredHealthy }) => [at, y(desiredHealthy)] as const),
  );
  return {
    height: 60,
    label,
    plot: markup`<path d="${healthy}V${base}H${scale.x(shown[0]?.at ?? scale.from)}Z" class="slice-area"/><path d="${healthy}" class="edge-line"/><path d="${desired}" class="desired"/>${hairline(scale, base)}${allowed(scale, shown)}`,
  };
}

/** The number of allowed disruptions, at each change with enough room for the text. */
function allowed(scale: TimeScale, shown: BudgetLane['changes']): Markup {
  let known: number | undefined;
  let free = 0;
  const texts: Markup[] = [];
  for (const { at, disruptionsAllowed } of shown) {
    const x = scale.x(at) + 4;
    if (disruptionsAllowed === known || x < free) continue;
    known = disruptionsAllowed;
    const words = `allows ${disruptionsAllowed}`;
    free = x + words.length * 5.2 + 6;
    texts.push(markup`<text x="${x}" y="11" class="quiet">${words}</text>`);
  }
  return markup`${texts}`;
}
