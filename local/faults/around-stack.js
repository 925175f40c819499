// The faults of a stack that was started with --faults: a proxy in front of each emulator, which the functions call, a faulty
// router, and kills. The emulators themselves are never touched: they hold the data that must survive.
import { setTimeout as wait } from 'node:timers/promises';
import { routerState } from '../router/client.js';
import { startGrpcProxy } from './grpc-proxy.js';
import { startKilling } from './killing.js';
import { faultPlan } from './plan.js';
import { namedCalls } from './spec.js';

// Failures are frequent here, so attempts follow one another quickly, and streams of a killed router end soon.
const RETRY = { maxAttempts: 100, firstMs: 100, longestMs: 2000 };
const STREAM_LASTS_MS = 2000;
const STARTS_TRIED = 5;
const START_AGAIN_AFTER_MS = 500;

/** `spec`: see spec.js. The hosts are those of the emulators; `bigquery` where there is a warehouse. */
export async function faultsAround({ spec, seed, ...emulators }) {
  const plan = faultPlan({ seed, decks: spec.decks });
  const targets = Object.entries(emulators).filter(([, target]) => target !== undefined);
  const proxies = await Promise.all(targets.map(([, target]) => startGrpcProxy({ target, plan })));
  const counts = {};
  const count = (name) => { counts[name] = (counts[name] ?? 0) + 1; };
  let killing;

  return {
    text: spec.text,
    seed,
    /** Where the functions find the emulators. */
    hosts: Object.fromEntries(targets.map(([name], index) => [name, proxies[index].host])),
    routerSettings: { retry: RETRY, streamLastsMs: spec.kills.router && STREAM_LASTS_MS, faults: { seed, rates: spec.router, delayMs: spec.delayMs } },
    /** Counts a fault that the router's process reports. */
    heard({ struck }) {
      if (struck) count(struck);
    },
    /** `kill(part)` and `start(part)` are the stack's; `start` may fail when a port isn't free at once. */
    startKilling({ router, kill, start, onFailure }) {
      async function restart(part, downForMs) {
        await kill(part);
        await wait(downForMs);
        for (let tried = 1; ; tried += 1) {
          try {
            return await start(part);
          } catch (error) {
            if (tried === STARTS_TRIED) throw error;
            await wait(START_AGAIN_AFTER_MS);
          }
        }
      }
      killing = startKilling({
        seed, kills: spec.kills, restart, onStruck: count, onFailure,
        isBusy: async () => ((await routerState(router))?.inFlight ?? 0) > 0,
      });
    },
    /** { name: count } of the faults that have struck so far, in the order of the text. */
    struck() {
      const all = { ...counts, ...namedCalls(plan.struck()) };
      return Object.fromEntries(spec.text.split(',').map((part) => part.split('=')[0]).map((name) => [name, all[name] ?? 0]));
    },
    stopKilling: () => killing?.stop(),
    close: () => proxies.forEach((proxy) => proxy.close()),
  };
}
