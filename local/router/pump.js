// Takes messages out of a ConsumerQueue: each as soon as there is room for it, and again when its back-off has ended.

/** `attempt(message)` ends with the queue's `finished` or `failed`, and a call of `pump`. */
export function pumping(queue, attempt) {
  let timer;
  let isStopped = false;

  function pump() {
    clearTimeout(timer);
    if (isStopped) return;
    for (let message = queue.next(Date.now()); message; message = queue.next(Date.now())) attempt(message);
    const dueMs = queue.nextDueMs();
    if (dueMs !== undefined) timer = setTimeout(pump, Math.max(1, dueMs - Date.now()));
  }

  function stop() {
    isStopped = true;
    clearTimeout(timer);
  }
  return { pump, stop };
}
