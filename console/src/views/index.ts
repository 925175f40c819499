// The element of each view. Now and Flow come when they are first looked at: they bring the charts and the map.

import { html, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import type { Route } from '../route.js';
import './approvals.js';
import './customer.js';
import './customers.js';
import './letters.js';
import './reviews.js';

export function viewOf({ view, id, filters }: Route): TemplateResult {
  switch (view) {
    case 'customers': return html`<view-customers .filters=${filters}></view-customers>`;
    case 'customer': return html`${keyed(id, html`<view-customer .customer=${id} .filters=${filters}></view-customer>`)}`;
    case 'reviews': return html`<view-reviews .filters=${filters}></view-reviews>`;
    case 'approvals': return html`<view-approvals .filters=${filters}></view-approvals>`;
    case 'letters': return html`<view-letters .filters=${filters}></view-letters>`;
    case 'leads':
      void import('./leads.js');
      return html`<view-leads .filters=${filters}></view-leads>`;
    case 'now':
      void import('./now.js');
      return html`<view-now .filters=${filters}></view-now>`;
    case 'flow':
      void import('./flow.js');
      return html`<view-flow .filters=${filters}></view-flow>`;
  }
}
