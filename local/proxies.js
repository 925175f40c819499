// Whoever imports this calls loopback directly, whatever proxies its environment names: a proxy elsewhere reaches its own
// loopback, not ours. For everything else they stay, as npm and cargo need them to download. Children inherit it.

const LOOPBACK = ['localhost', '127.0.0.1', '::1'];

/** Changes `env`. Of the two spellings some programs read the one, some the other, so both get what either has. */
export function exceptLoopback(env) {
  const { no_proxy: lower, NO_PROXY: upper, no_grpc_proxy: ofGrpc } = env;
  env.no_proxy = withLoopback(lower ?? upper);
  env.NO_PROXY = withLoopback(upper ?? lower);
  // It counts in place of the others. And gRPC doesn't know `*`.
  if (ofGrpc || env.no_proxy.includes('*')) env.no_grpc_proxy = withLoopback(ofGrpc);
  return env;
}

// Some programs know `*` only where it stands alone.
function withLoopback(list = '') {
  const hosts = list.split(',').map((host) => host.trim()).filter(Boolean);
  return hosts.includes('*') ? list : [...new Set([...hosts, ...LOOPBACK])].join(',');
}

exceptLoopback(process.env);
