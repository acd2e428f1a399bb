import { connect, createServer, type Server, type Socket } from 'node:net';
import { releaseAfterTest } from './clean-up.ts';

export type CutStyle = 'rst' | 'fin';

/** A loopback wire in front of a server, which a test can break and mend. */
export type TcpProxy = {
  readonly port: number;
  /** The target's URL, led through the proxy. */
  url(): string;
  /** Connections open now. */
  connections(): number;
  /** Ends every open connection on both sides; new ones are served. */
  cut(style: CutStyle): void;
  /** Forwards nothing either way, on open and on new connections, and closes nothing. */
  stall(): void;
  /** Closes the port: new connections are refused; open ones live on. */
  refuse(): Promise<void>;
  /** Ends `stall` and `refuse`; what was held back is delivered. */
  recover(): Promise<void>;
  /**
   * Waits for the first bytes from a client that match, and cuts that connection (RST) around them, once.
   * `before`: the server never sees them. `after`: the server does, and its answer is lost on the way.
   */
  cutWhenClientSends(pattern: RegExp, moment: 'before' | 'after'): void;
  close(): Promise<void>;
};

type Wire = { readonly client: Socket; readonly server: Socket };
type Trap = { readonly pattern: RegExp; readonly moment: 'before' | 'after' };

/** Starts a proxy in front of the server that `targetUrl` names; closed when the test ends. */
export async function startTcpProxy(targetUrl: string): Promise<TcpProxy> {
  const target = new URL(targetUrl);
  const wires = new Set<Wire>();
  let stalled = false;
  let trap: Trap | null = null;

  const listener = createServer({ allowHalfOpen: true }, (client) => {
    const server = connect({ host: target.hostname, port: Number(target.port || 5432), allowHalfOpen: true });
    const wire = { client, server };
    wires.add(wire);
    forward(client, server, (chunk) => {
      if (trap === null || !trap.pattern.test(chunk.toString('latin1'))) return true;
      const { moment } = trap;
      trap = null;
      client.resetAndDestroy();
      // `end` sends what is queued first, so the server acts on these bytes before it sees the client gone.
      if (moment === 'after') server.end(chunk);
      else server.resetAndDestroy();
      return false;
    });
    forward(server, client, () => true);
    client.once('close', () => wires.delete(wire));
    if (stalled) pause(wire);
  });

  await listen(listener, 0);
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port.');
  const { port } = address;

  const proxy: TcpProxy = {
    port,
    url: () => Object.assign(new URL(targetUrl), { hostname: '127.0.0.1', port: String(port) }).toString(),
    connections: () => wires.size,
    cut: (style) => {
      for (const { client, server } of wires) {
        for (const socket of [client, server]) {
          if (style === 'rst') socket.resetAndDestroy();
          else socket.destroySoon();
        }
      }
    },
    stall: () => {
      stalled = true;
      for (const wire of wires) pause(wire);
    },
    refuse: () => stopListening(listener),
    recover: async () => {
      stalled = false;
      for (const { client, server } of wires) {
        client.resume();
        server.resume();
      }
      if (!listener.listening) await listen(listener, port);
    },
    cutWhenClientSends: (pattern, moment) => {
      trap = { pattern, moment };
    },
    close: async () => {
      const closed = stopListening(listener);
      proxy.cut('rst');
      await closed;
    },
  };
  releaseAfterTest(() => proxy.close());
  return proxy;
}

function forward(from: Socket, to: Socket, inspect: (chunk: Buffer) => boolean): void {
  from.on('data', (chunk: Buffer) => {
    if (inspect(chunk)) to.write(chunk);
  });
  from.on('end', () => to.end());
  // A broken side breaks the other, as it would without us in between.
  from.on('error', () => to.destroy());
  from.on('close', () => {
    if (!to.writableEnded) to.end();
  });
}

function pause({ client, server }: Wire): void {
  client.pause();
  server.pause();
}

function listen(listener: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(port, '127.0.0.1', () => {
      listener.off('error', reject);
      resolve();
    });
  });
}

/** Stops accepting at once; resolves without waiting for the connections that are open. */
async function stopListening(listener: Server): Promise<void> {
  if (listener.listening) listener.close();
  await new Promise((resolve) => setImmediate(resolve));
}
