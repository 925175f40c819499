// Which view an address is of. Every view has one that can be shared; filters are in it, too.

export type View = 'now' | 'customers' | 'customer' | 'reviews' | 'approvals' | 'leads' | 'letters' | 'flow';

export interface Route {
  view: View;
  /** Of a customer. */
  id: string;
  filters: URLSearchParams;
}

export const TITLES: Record<View, string> = {
  now: 'Now', customers: 'Customers', customer: 'Customer', reviews: 'Reviews', approvals: 'Approvals', leads: 'Leads', letters: 'Dead letters', flow: 'Flow',
};

const PATHS: [path: string, view: View][] = [
  ['/', 'now'], ['/now', 'now'], ['/customers', 'customers'], ['/reviews', 'reviews'], ['/approvals', 'approvals'],
  ['/leads', 'leads'], ['/dead-letters', 'letters'], ['/flow', 'flow'],
];

export const pathOf = (view: View): string => PATHS.findLast(([, one]) => one === view)?.[0] ?? '/';
export const customerPath = (id: string): string => `/customers/${encodeURIComponent(id)}`;

export function routeOf({ pathname, search }: { pathname: string; search: string }): Route {
  const filters = new URLSearchParams(search);
  const [, customer] = /^\/customers\/([^/]+)$/.exec(pathname) ?? [];
  if (customer !== undefined) return { view: 'customer', id: decodeURIComponent(customer), filters };
  return { view: PATHS.find(([path]) => path === pathname)?.[1] ?? 'now', id: '', filters };
}

/** Goes there without loading the page again. */
export function go(address: string, { replaces = false } = {}): void {
  history[replaces ? 'replaceState' : 'pushState'](null, '', address);
  dispatchEvent(new PopStateEvent('popstate'));
}

/** Links of this page are followed without loading it again; with a modifier, or elsewhere to, they are the browser's. */
export function followLinks(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = event.composedPath().find((target): target is HTMLAnchorElement => target instanceof HTMLAnchorElement);
  if (!link || link.origin !== location.origin || link.target !== '') return;
  event.preventDefault();
  go(link.pathname + link.search);
}
