// Numbers over time. The same numbers are a table for whoever doesn't see the picture.

import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { LitElement, html } from 'lit';

export interface Series {
  name: string;
  values: number[];
}

const COLORS = ['--chart-1', '--chart-2', '--chart-3', '--chart-4'];
const HEIGHT = 180;
const COMPACT = new Intl.NumberFormat('en', { notation: 'compact' });

class Chart extends LitElement {
  static override properties = { name: {}, times: { attribute: false }, series: { attribute: false } };
  declare name: string;
  /** Seconds since 1970. */
  declare times: number[];
  declare series: Series[];
  #plot: uPlot | undefined;
  #drawn = '';
  #sized = new ResizeObserver(() => this.#plot?.setSize({ width: this.#width, height: HEIGHT }));
  #theme = matchMedia('(prefers-color-scheme: dark)');
  #redraw = () => this.#draw(true);

  protected override createRenderRoot() {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#sized.observe(this);
    this.#theme.addEventListener('change', this.#redraw);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sized.disconnect();
    this.#theme.removeEventListener('change', this.#redraw);
    this.#plot?.destroy();
    this.#plot = undefined;
  }

  get #width() {
    return Math.max(200, this.querySelector('.plot')?.clientWidth ?? 0);
  }

  override render() {
    return html`<figure aria-label=${this.name}><figcaption>${this.name}<ul class="keys">${this.series.map(({ name, values }, at) => html`<li><i class="key k${at + 1}"></i>${name} <strong>${values.at(-1) ?? 0}</strong></li>`)}</ul></figcaption>
      <div class="plot" aria-hidden="true"></div></figure>`;
  }

  override updated(): void {
    this.#draw(false);
  }

  #draw(anew: boolean) {
    const place = this.querySelector<HTMLElement>('.plot');
    if (!place) return;
    const data: uPlot.AlignedData = [this.times, ...this.series.map(({ values }) => values)];
    const names = this.series.map(({ name }) => name).join();
    if (!anew && this.#plot && names === this.#drawn) {
      this.#plot.setData(data);
      return;
    }
    this.#plot?.destroy();
    this.#drawn = names;
    const color = (name: string) => getComputedStyle(this).getPropertyValue(name).trim();
    const axis = { stroke: color('--quiet'), grid: { stroke: color('--line'), width: 1 }, ticks: { stroke: color('--line') }, font: '11px system-ui' };
    this.#plot = new uPlot({
      width: this.#width, height: HEIGHT, padding: [8, 22, 0, 0], legend: { show: false }, cursor: { show: false },
      scales: { y: { range: (_, __, max) => [0, Math.max(1, max * 1.1)] } },
      axes: [{ ...axis, size: 30, values: (_, ticks) => ticks.map((tick) => new Date(tick * 1000).toTimeString().slice(0, 5)) }, { ...axis, size: 46, values: (_, ticks) => ticks.map((tick) => COMPACT.format(tick)) }],
      series: [{}, ...this.series.map(({ name }, at) => ({ label: name, stroke: color(COLORS[at % COLORS.length]!), width: 2, points: { show: false } }))],
    }, data, place);
  }
}

customElements.define('boma-chart', Chart);
