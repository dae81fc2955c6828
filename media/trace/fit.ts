/** Chooses the layout for the width there is: lanes with text or strips, details beside or below. */

/** Narrower than this, a lane cannot hold a statement. */
const LANE_WIDTH = 230;
/** Narrower than this, rows and details do not stand side by side. */
const BOTH_WIDTH = 780;

function fit(panes: HTMLElement, rows: HTMLElement): void {
  panes.classList.toggle('stacked', panes.clientWidth < BOTH_WIDTH);
  const grid = rows.querySelector('.grid');
  if (!grid) return;
  const lanes = grid.querySelectorAll('.lane-head').length;
  grid.classList.toggle('strips', rows.clientWidth < LANE_WIDTH * lanes);
}

/** Keeps the layout right while the width changes; call the result after the rows were built again. */
export function fitting(panes: HTMLElement, rows: HTMLElement): () => void {
  const refit = (): void => {
    fit(panes, rows);
  };
  new ResizeObserver(refit).observe(panes);
  return refit;
}
