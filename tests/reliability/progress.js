// What a long run says meanwhile, so that whoever waits sees that it gets on.
const EVERY_MS = 10_000;

/** Prints a line now and then until stop() is called; `fire` is a stack under fire. */
export function startProgress(title, fire) {
  const startedMs = performance.now();
  const timer = setInterval(() => {
    const failed = fire.notices.filter(({ acked }) => !acked).length;
    const seconds = Math.round((performance.now() - startedMs) / 1000);
    console.log(`${title}: ${seconds} s, ${fire.notices.length - failed} deliveries acknowledged, ${failed} failed and to come again`);
  }, EVERY_MS);
  return { stop: () => clearInterval(timer) };
}
