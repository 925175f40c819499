// The processes of one stack. When one ends unexpectedly, all are stopped; one that is killed on purpose can be replaced.
import { killGroup } from './processes.js';

/** `onCrash(sentence)` is called once, when a process ended unexpectedly and the others have been stopped. */
export function childrenOf({ onCrash, beforeStop = () => {}, afterStop = () => {} }) {
  const children = [];
  let stopping;

  // In reverse order of their start, so that none loses a process that it depends on.
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
    /** `launch(onSpawn)` starts the process again. Until it has started, its end is no crash, and the caller may try again. */
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
