// Settings that point Google's generated clients at an emulator.
import grpc from '@grpc/grpc-js';
import './proxies.js';

// Without it the client looks for a metadata server, which takes seconds on a machine that has none.
const NO_AUTH = { getUniverseDomain: async () => undefined, getProjectId: async () => undefined };

// Whatever proxy the environment names: an emulator is on this machine, or near it.
const DIRECT = { 'grpc.enable_http_proxy': 0 };

/** `host` is the emulator's host:port. */
export function emulatorClient({ project, host }) {
  const [servicePath, port] = host.split(':');
  return { projectId: project, servicePath, port: Number(port), sslCreds: grpc.credentials.createInsecure(), auth: NO_AUTH, ...DIRECT };
}
