// The frame of the page: who is signed in, the way to each view, and whether what is seen is live.

import { LitElement, html, nothing } from 'lit';
import { readConfig, type Config } from './config.js';
import { openApp, openDatabase } from './database.js';
import { Listeners } from './listeners.js';
import { keptSession } from './local-session.js';
import { openPage, page } from './page.js';
import { TITLES, followLinks, pathOf, routeOf, type Route, type View } from './route.js';
import { maySeeCustomers, type Session } from './session.js';
import { viewOf } from './views/index.js';
import './elements/sign-in.js';

const MENU: View[] = ['now', 'customers', 'reviews', 'approvals', 'leads', 'letters', 'flow'];
/** Those have no customer in them. */
const FOR_EVERYBODY: View[] = ['now', 'flow'];
const WORDS = { live: 'live', connecting: 'connecting', offline: 'offline', paused: 'paused', idle: '' } as const;

class BomaConsole extends LitElement {
  static override properties = { config: { state: true }, session: { state: true }, route: { state: true }, failure: { state: true } };
  declare config: Config | undefined;
  declare session: Session | undefined;
  declare route: Route;
  declare failure: string | undefined;

  constructor() {
    super();
    this.route = routeOf(location);
  }

  protected override createRenderRoot() {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('popstate', () => this.#arrived());
    this.addEventListener('click', followLinks);
    this.addEventListener('signed-in', (event) => void this.#open((event as CustomEvent<Session>).detail));
    void this.#begin();
  }

  async #begin() {
    try {
      const config = await readConfig();
      this.config = config;
      const kept = config.mode === 'local' ? keptSession(config) : await (await import('./cloud.js')).kept(config);
      if (kept) await this.#open(kept);
    } catch (error) {
      this.failure = (error as Error).message;
    }
  }

  async #open(session: Session) {
    if (this.session) {
      // The same person, signed in anew: the database goes on with the token that it has.
      page().session = session;
      this.session = session;
      return;
    }
    const config = this.config!;
    const app = config.mode === 'local' ? openApp(config) : (await import('./cloud.js')).app(config);
    const listeners = new Listeners();
    listeners.addEventListener('change', () => this.requestUpdate());
    openPage({ config, session, listeners, database: openDatabase(config, app, config.mode === 'local' ? await session.token() : undefined) });
    this.session = session;
  }

  #arrived() {
    const before = this.route;
    this.route = routeOf(location);
    if (before.view === this.route.view && before.id === this.route.id) return;
    scrollTo(0, 0);
    void this.updateComplete.then(() => this.querySelector<HTMLElement>('h1')?.focus());
  }

  override render() {
    document.title = this.session ? `${TITLES[this.route.view]} · Boma` : 'Boma';
    if (this.failure) return html`<main class="alone"><h1>Boma</h1><p role="alert">The page can't begin: ${this.failure}</p></main>`;
    if (!this.config) return nothing;
    if (!this.session) return html`<main class="alone"><boma-sign-in .config=${this.config}></boma-sign-in></main>`;
    const { session, route } = this;
    const isOpen = maySeeCustomers(session.role) || FOR_EVERYBODY.includes(route.view);
    return html`
      <a class="skip" href="#content" @click=${(event: Event) => { event.preventDefault(); this.querySelector<HTMLElement>('h1')?.focus(); }}>To the content</a>
      <header class="frame">
        <a class="brand" href="/now" aria-label="Boma, now">Boma</a>
        <nav aria-label="Views">${MENU.map((view) => this.#link(view))}</nav>
        ${this.#status()}
        <div class="who"><span title=${session.email}>${session.email}</span><span class="role">${session.role}</span>
          <button class="quiet" @click=${this.#signOut}>Sign out</button></div>
      </header>
      <main id="content">${isOpen ? viewOf(route) : html`<h1 tabindex="-1">${TITLES[route.view]}</h1>
        <p>Customers' data is not for the role ${session.role}. Now and Flow are open to you.</p>`}</main>`;
  }

  #link(view: View) {
    const isHere = this.route.view === view || (view === 'customers' && this.route.view === 'customer');
    return html`<a href=${pathOf(view)} aria-current=${isHere ? 'page' : nothing}>${TITLES[view]}</a>`;
  }

  #status() {
    const { state, reads, pushes, count, heardAtMs } = page().listeners;
    return html`<div class="status ${state}" role="status" aria-live="off" title="${count} listeners, ${reads} documents read"
      data-reads=${reads} data-pushes=${pushes} data-listeners=${count} data-heard-at=${heardAtMs.toFixed(1)}>${WORDS[state]}</div>`;
  }

  async #signOut() {
    await page().session.signOut();
    location.assign('/');
  }
}

customElements.define('boma-console', BomaConsole);
