// Signing in: a list of ready users on one machine; e-mail, password and the second factor's code on Google Cloud.

import { LitElement, html, nothing } from 'lit';
import type { MultiFactorResolver } from 'firebase/auth';
import type { Enrolment } from '../cloud-session.js';
import type { CloudConfig, Config, LocalConfig } from '../config.js';
import { signIn } from '../local-session.js';
import type { Session } from '../session.js';

class SignIn extends LitElement {
  static override properties = { config: { attribute: false }, failure: { state: true }, isBusy: { state: true }, resolver: { state: true }, enrolment: { state: true } };
  declare config: Config;
  declare failure: string | undefined;
  declare isBusy: boolean;
  declare resolver: MultiFactorResolver | undefined;
  declare enrolment: Enrolment | undefined;
  #session: Session | undefined;

  protected override createRenderRoot() {
    return this;
  }

  override render() {
    return html`<section class="card sign-in" aria-labelledby="sign-in-title">
      <h1 id="sign-in-title" tabindex="-1">Boma</h1>
      ${this.config.mode === 'local' ? this.#local(this.config) : this.#cloud(this.config)}
      ${this.failure ? html`<p class="refused" role="alert">${this.failure}</p>` : nothing}
    </section>`;
  }

  #local(config: LocalConfig) {
    return html`<p>The operators' console of the stack on this machine. Sign in as:</p>
      <ul class="users">${config.users.map((user) => html`<li>
        <button @click=${() => this.#signedIn(signIn(config, user))}><span>${user.email}</span> <span class="role">${user.role}</span></button></li>`)}</ul>`;
  }

  #cloud(config: CloudConfig) {
    if (this.enrolment) {
      return html`<p>Add Boma to your authenticator, then type the code that it shows. From then on it is asked for at each sign-in.</p>
        <p>Key: <code class="secret">${this.enrolment.secret}</code></p><p><a href=${this.enrolment.url}>Open the authenticator of this device</a></p>
        <form @submit=${(event: SubmitEvent) => this.#submit(event, config)}>
        <label>Code of your authenticator <input name="code" inputmode="numeric" autocomplete="one-time-code" required></label>
        <button class="main" ?disabled=${this.isBusy}>Add</button></form>`;
    }
    if (this.resolver) {
      return html`<form @submit=${(event: SubmitEvent) => this.#submit(event, config)}>
        <label>Code of your authenticator <input name="code" inputmode="numeric" autocomplete="one-time-code" required></label>
        <button class="main" ?disabled=${this.isBusy}>Sign in</button></form>`;
    }
    return html`<form @submit=${(event: SubmitEvent) => this.#submit(event, config)}>
      <label>E-mail <input name="email" type="email" autocomplete="username" required></label>
      <label>Password <input name="password" type="password" autocomplete="current-password" required></label>
      <button class="main" ?disabled=${this.isBusy}>Sign in</button></form>`;
  }

  async #submit(event: SubmitEvent, config: CloudConfig) {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const field = (name: string) => String(form.get(name) ?? '');
    this.isBusy = true;
    this.failure = undefined;
    try {
      const { auth } = await import('../cloud.js');
      const { enrolmentOf, signInByCode, signInBy } = await import('../cloud-session.js');
      if (this.enrolment && this.#session) {
        await this.enrolment.finish(field('code'));
        this.#signedIn(this.#session);
        return;
      }
      const got = this.resolver ? await signInByCode(auth(config), this.resolver, field('code')) : await signInBy(auth(config), field('email'), field('password'));
      if ('hints' in got) {
        this.resolver = got;
        return;
      }
      this.#session = got;
      this.enrolment = await enrolmentOf(auth(config));
      if (!this.enrolment) this.#signedIn(got);
    } catch (error) {
      this.failure = (error as Error).message;
    } finally {
      this.isBusy = false;
    }
  }

  #signedIn(session: Session) {
    this.dispatchEvent(new CustomEvent<Session>('signed-in', { detail: session, bubbles: true, composed: true }));
  }
}

customElements.define('boma-sign-in', SignIn);
