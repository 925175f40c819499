'use strict';

// A way through a proxy that the environment names, by HTTP's CONNECT. Functions have none; a company's machines may.

const http = require('node:http');
const net = require('node:net');

const USUAL_PORT = 80;
const SETTINGS = ['grpc_proxy', 'https_proxy', 'http_proxy'];

/** The proxy's URL by which this host is reached, or null. What is on this machine isn't reached through one. */
function proxyFor(host, env) {
  const named = SETTINGS.map((setting) => env[setting]).find(Boolean);
  if (!named || isLoopback(host)) return null;
  const excepted = (env.no_grpc_proxy || env.no_proxy || '').split(',').map((name) => name.trim()).filter(Boolean);
  if (excepted.some((name) => name === '*' || host.endsWith(name))) return null;
  const proxy = URL.canParse(named) ? new URL(named) : undefined;
  // Without the value: it may have a password in it.
  if (proxy?.protocol !== 'http:') throw new Error(`${SETTINGS.find((setting) => env[setting])} must be http://HOST:PORT`);
  return proxy;
}

const isLoopback = (host) => /^(?:localhost|127(?:\.\d+){3}|::1)$/.test(host);

/** A socket through which `host` is spoken to. */
function tunnelTo(host, port, proxy) {
  const target = `${net.isIPv6(host) ? `[${host}]` : host}:${port}`;
  const headers = { host: target };
  if (proxy.username) {
    const credentials = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
    headers['proxy-authorization'] = `Basic ${Buffer.from(credentials).toString('base64')}`;
  }
  return new Promise((resolve, reject) => {
    // An agent of its own: the common one may go through the proxy already.
    const asked = { host: proxy.hostname.replace(/^\[(.*)\]$/, '$1'), port: proxy.port || USUAL_PORT, method: 'CONNECT', path: target, headers, agent: false };
    const fail = (why) => reject(new Error(`the proxy ${proxy.host} of the environment: ${why}`));
    const request = http.request(asked);
    request.once('connect', (response, socket, head) => {
      if (response.statusCode === 200) {
        if (head.length > 0) socket.unshift(head);
        resolve(socket);
      } else {
        socket.destroy();
        fail(`it answered ${response.statusCode}`);
      }
    });
    request.once('response', (response) => {
      response.destroy();
      fail(`it answered ${response.statusCode}`);
    });
    request.once('error', (error) => fail(error.message));
    request.end();
  });
}

module.exports = { proxyFor, tunnelTo };
