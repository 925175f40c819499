// The processes of one stack. Whatever of them ends by itself, all end; what is killed on purpose may come back in its place.
import { killGroup } from './processes.js';

/** `onCrash(sentence)` is called once, when one ends by itself; the others have been stopped by then. */
export function childrenOf({ onCrash, beforeStop = () => {}, afterStop = () => {} }) {
  const children = [];
  let stopping;

  // Last started, first stopped: nobody then misses what they talk to.
  function stop() {
    stopping ??= (async () => {
      await beforeStop();
      for (const child of children.toReversed()) child.onEnd = () => {};
      for (const child of children.toReversed()) await child.stop();
      await afterStop();
    })();
    return stopping;
  }

  async function crashed(sentence) {
    if (stopping) return;
    await stop();
    onCrash(sentence);
  }

  const named = (name) => children.findIndex((child) => child.name === name);

  function keep(child) {
    const place = named(child.name);
    children.splice(place < 0 ? children.length : place, 1, child);
  }

  function endWith(child) {
    child.onEnd = () => crashed(`${child.title} ended by itself (${child.ended}); its log is ${child.logFile}.`);
  }

  return {
    stop, crashed,
    get isStopping() { return stopping !== undefined; },
    /** For a process that was just spawned. */
    add(child) {
      keep(child);
      endWith(child);
    },
    kill: (name) => children[named(name)].stop('SIGKILL'),
    /** `launch(onSpawn)` starts again what was killed. Until it has started, its end is no crash: it may be tried once more. */
    async replace(name, launch) {
      if (stopping) return;
      await launch(keep);
      endWith(children[named(name)]);
    },
    /** { name: pid } */
    pids: () => Object.fromEntries(children.map(({ name, pid }) => [name, pid])),
    killAll() {
      for (const { pid } of children) killGroup(pid, 'SIGKILL');
    },
  };
}
