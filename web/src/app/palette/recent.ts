/** What was opened last, newest first, in this browser. */
export interface Visit {
  href: string;
  label: string;
  detail: string;
  at: number;
}

const KEY = 'buildit.recent';
const MOST = 10;

export function listVisits(): Visit[] {
  try {
    const visits: Visit[] = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return visits;
  } catch {
    return [];
  }
}

/** Notes that an object's page was opened. */
export function noteVisit(visit: Omit<Visit, 'at'>): void {
  const others = listVisits().filter(({ href }) => href !== visit.href);
  try {
    localStorage.setItem(KEY, JSON.stringify([{ ...visit, at: Date.now() }, ...others].slice(0, MOST)));
  } catch {
    // Then nothing is remembered.
  }
}
