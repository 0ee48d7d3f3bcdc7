// Speaks to a server with the OpenFeature SDKs and their OFREP providers as published. A line of standard input is a command,
// a line of standard output its answer; a client keeps what it heard until it is asked for it.
import { createInterface } from 'node:readline';
import { OpenFeature as Server } from '@openfeature/server-sdk';
import { OpenFeature as Web, ProviderEvents } from '@openfeature/web-sdk';
import { OFREPProvider } from '@openfeature/ofrep-provider';
import { OFREPWebProvider } from '@openfeature/ofrep-web-provider';
import { EventSource } from 'eventsource';

globalThis.EventSource = EventSource; // browsers have it, Node does not

const silent = { error() {}, warn() {}, info() {}, debug() {} };
const methods = { boolean: 'getBooleanDetails', string: 'getStringDetails', number: 'getNumberDetails', object: 'getObjectDetails' };
const heard = [];
let waiting = null;
let sdk;
let client;

function hear(what) {
  heard.push(what);
  take();
}

// Answers whoever waits with the first thing of that kind, and forgets it and all before it.
function take() {
  const at = waiting ? heard.findIndex((what) => what.kind === waiting.kind) : -1;
  if (at >= 0) {
    const { resolve } = waiting;
    waiting = null;
    resolve(heard.splice(0, at + 1).at(-1));
  }
}

// The requests that go out and come back are heard too, with the headers that the provider itself chose.
async function fetchAndTell(request, options) {
  const response = await fetch(request, options);
  const { pathname, search } = new URL(request.url);
  hear({ kind: String(response.status), path: pathname + search, known: request.headers.get('If-None-Match'), etag: response.headers.get('ETag') });
  return response;
}

const commands = {
  async server({ url, headers }) {
    sdk = Server;
    await sdk.setProviderAndWait(new OFREPProvider({ baseUrl: url, headers, fetchImplementation: fetchAndTell }));
    client = sdk.getClient();
  },

  async web({ url, headers, context, options }) {
    sdk = Web;
    await sdk.setContext(context ?? {});
    client = sdk.getClient();
    for (const event of Object.values(ProviderEvents)) {
      client.addHandler(event, (details) => hear({ kind: event, flags: details.flagsChanged }));
    }

    await sdk.setProviderAndWait(new OFREPWebProvider({ baseUrl: url, headers: Object.entries(headers), cacheMode: 'disabled', fetchImplementation: fetchAndTell, ...options }, silent));
  },

  // The types' evaluations, as applications call them.
  async evaluate({ key, type, fallback, context }) {
    const { value, variant, reason, errorCode, flagMetadata } = await client[methods[type]](key, fallback, ...(context ? [context] : []));
    return { value, variant, reason, errorCode, flagMetadata };
  },

  context: ({ context }) => sdk.setContext(context),

  hear: ({ kind }) =>
    new Promise((resolve) => {
      waiting = { kind, resolve };
      take();
    }),

  close: () => sdk.close(),
};

for (const one of [Server, Web]) {
  one.setLogger(silent);
}

for await (const line of createInterface({ input: process.stdin })) {
  const { command, ...given } = JSON.parse(line);
  let answer;
  try {
    answer = (await commands[command](given)) ?? {};
  } catch (e) {
    answer = { thrown: e.code ?? e.name, message: e.message };
  }

  process.stdout.write(JSON.stringify(answer) + '\n');
}
