// Flow: which function hears what, from the functions' own settings, with what changes now. What a newcomer opens first.

import { html, nothing, svg } from 'lit';
import { Live } from '../live.js';
import { minutesOf, newestOf, sum } from '../pulse.js';
import { text } from '../rows.js';
import { ViewElement, instead } from './view.js';

interface FlowFunction {
  name: string;
  description: string;
  hears: string[];
  publishes: string[];
  /** Documents whose change wakes it up, or when it is called. */
  trigger?: string;
  keeps: string[];
}

interface FlowMap {
  topics: { name: string; publishers: string[]; types: string[] }[];
  functions: FlowFunction[];
}

const ROW = 34;
const WIDTH = 900;
const [TOPIC_X, FUNCTION_X, KEEPS_X] = [8, 350, 690];
const BOX = 200;
const RECENT_MINUTES = 5;

class Flow extends ViewElement {
  static override properties = { ...ViewElement.properties, map: { state: true }, failure: { state: true }, chosen: { state: true } };
  declare map: FlowMap | undefined;
  declare failure: string | undefined;
  /** "function kyc": a topic may have the same name. */
  declare chosen: string | undefined;
  #pulse = new Live(this);
  #from = new Date(Date.now() - 60 * 60_000);

  override connectedCallback(): void {
    super.connectedCallback();
    void fetch('/flow.json').then(async (response) => {
      if (!response.ok) throw new Error(`/flow.json answers ${response.status}`);
      this.map = await response.json() as FlowMap;
    }).catch((error: Error) => {
      this.failure = error.message;
    });
  }

  override willUpdate(): void {
    this.#pulse.query('pulse', { values: [this.#from] });
  }

  override render() {
    return html`<h1 tabindex="-1">Flow</h1>
      <p>A fact is published to a topic; each function that hears it decides, writes what it keeps in one commit, and publishes what follows. Choose one to see its ways.</p>
      ${this.failure ? html`<p class="refused" role="alert">${this.failure}</p>` : nothing}
      ${this.#pulse.error ? instead(this.#pulse, '') : nothing}
      ${this.map ? this.#drawn(this.map) : html`<p class="quiet">…</p>`}`;
  }

  #drawn({ topics, functions }: FlowMap) {
    const kept = [...new Set(functions.flatMap(({ keeps }) => keeps))];
    const rows = Math.max(topics.length, functions.length, kept.length);
    const height = rows * ROW + 30;
    const place = (names: string[]) => new Map(names.map((name, at) => [name, 30 + (at + 0.5) * ((height - 30) / names.length)]));
    const [topicY, functionY, keptY] = [place(topics.map(({ name }) => name)), place(functions.map(({ name }) => name)), place(kept)];
    const letters = newestOf(this.#pulse.rows ?? []).letters;
    const minutes = minutesOf(this.#pulse.rows ?? []).slice(-RECENT_MINUTES);
    const rateOf = (collection: string) => sum(minutes, collection, 'changes');
    const isOn = (one: FlowFunction, ...ends: string[]) => this.chosen === undefined || this.chosen === `function ${one.name}` || ends.includes(this.chosen);
    const hears = functions.flatMap((one) => one.hears.map((topic) => line(TOPIC_X + BOX, topicY.get(topic)!, FUNCTION_X, functionY.get(one.name)!, isOn(one, `topic ${topic}`), 'hears')));
    const publishes = functions.flatMap((one) => one.publishes.filter((topic) => topicY.has(topic)).map((topic) => line(FUNCTION_X, functionY.get(one.name)! + 6, TOPIC_X + BOX, topicY.get(topic)! + 6, isOn(one, `topic ${topic}`), 'publishes')));
    const keeps = functions.flatMap((one) => one.keeps.map((collection) => line(FUNCTION_X + BOX, functionY.get(one.name)!, KEEPS_X, keptY.get(collection)!, isOn(one, `kept ${collection}`), 'keeps')));
    return html`<div class="scrolls" tabindex="0" role="region" aria-label="Map of topics, functions and documents"><svg class="map" viewBox="0 0 ${WIDTH} ${height}" role="group" aria-label="Map">
      <text class="head" x=${TOPIC_X} y="16">topics</text><text class="head" x=${FUNCTION_X} y="16">functions</text><text class="head" x=${KEEPS_X} y="16">documents, changes in ${RECENT_MINUTES} min</text>
      ${hears}${publishes}${keeps}
      ${topics.map(({ name }) => this.#box(name, TOPIC_X, topicY.get(name)!, 'topic'))}
      ${functions.map(({ name }) => this.#box(name, FUNCTION_X, functionY.get(name)!, 'function', letters.filter((letter) => text(letter.consumer) === name).length))}
      ${kept.map((name) => this.#box(rateOf(name) > 0 ? `${name} · ${rateOf(name)}` : name, KEEPS_X, keptY.get(name)!, 'kept', 0, name))}
    </svg></div>
    ${this.#said({ topics, functions })}`;
  }

  #box(label: string, x: number, y: number, kind: string, errors = 0, name = label) {
    const isChosen = this.chosen === `${kind} ${name}`;
    const choose = () => { this.chosen = isChosen ? undefined : `${kind} ${name}`; };
    const key = (event: KeyboardEvent) => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      choose();
    };
    return svg`<g class="box ${kind} ${isChosen ? 'chosen' : ''}" tabindex="0" role="button" aria-pressed=${isChosen} aria-label="${kind} ${label}${errors > 0 ? `, ${errors} new letters` : ''}" @click=${choose} @keydown=${key}>
      <rect x=${x} y=${y - 13} width=${BOX} height="26" rx="6"></rect><text x=${x + 10} y=${y + 4}>${label}</text>
      ${errors > 0 ? svg`<circle cx=${x + BOX - 14} cy=${y} r="9"></circle><text class="errors" x=${x + BOX - 14} y=${y + 4}>${errors}</text>` : nothing}</g>`;
  }

  #said({ topics, functions }: FlowMap) {
    const one = functions.find(({ name }) => `function ${name}` === this.chosen);
    const topic = topics.find(({ name }) => `topic ${name}` === this.chosen);
    if (topic) return html`<section class="card" aria-live="polite"><h2>${topic.name}</h2><p>Published by ${topic.publishers.join(', ')}.</p><p class="quiet">${topic.types.join(', ')}</p></section>`;
    if (one) return html`<section class="card" aria-live="polite"><h2>${one.name}</h2><p>${one.description}</p><p class="quiet">${one.trigger ?? ''}</p></section>`;
    return html`<details class="card"><summary>The same as a list</summary><ul>${functions.map(({ name, description, hears, publishes, keeps, trigger }) => html`<li><strong>${name}</strong>: ${description}
      <span class="quiet">${hears.length > 0 ? `hears ${hears.join(', ')}` : trigger}${keeps.length > 0 ? `; keeps ${keeps.join(', ')}` : ''}${publishes.length > 0 ? `; publishes to ${publishes.join(', ')}` : ''}</span></li>`)}</ul></details>`;
  }
}

function line(x1: number, y1: number, x2: number, y2: number, isOn: boolean, kind: string) {
  const middle = (x1 + x2) / 2;
  return svg`<path class="way ${kind} ${isOn ? '' : 'off'}" d="M${x1} ${y1} C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}"></path>`;
}

customElements.define('view-flow', Flow);
