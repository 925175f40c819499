// Decisions of the second person want a sign-in of the last 15 minutes.

import { LitElement, html } from 'lit';
import { signIn } from '../local-session.js';
import { page } from '../page.js';

class SignInAgain extends LitElement {
  protected override createRenderRoot() {
    return this;
  }

  override render() {
    return html`<button @click=${this.#again}>Sign in again</button>`;
  }

  async #again() {
    const { config, session } = page();
    const user = config.mode === 'local' && config.users.find(({ email }) => email === session.email);
    if (config.mode === 'local' && user) {
      this.dispatchEvent(new CustomEvent('signed-in', { detail: signIn(config, user), bubbles: true, composed: true }));
      return;
    }
    await session.signOut();
    location.reload();
  }
}

customElements.define('boma-sign-in-again', SignInAgain);
