// Progress lines of a long run.
const EVERY_MS = 10_000;

/** Prints a line now and then until stop() is called; `proxied`: see proxied-stack.js. */
export function startProgress(title, proxied) {
  const startedMs = performance.now();
  const timer = setInterval(() => {
    const failed = proxied.notices.filter(({ acked }) => !acked).length;
    const seconds = Math.round((performance.now() - startedMs) / 1000);
    console.log(`${title}: ${seconds} s, ${proxied.notices.length - failed} deliveries acknowledged, ${failed} failed and to come again`);
  }, EVERY_MS);
  return { stop: () => clearInterval(timer) };
}
