import { connect, createServer, type Server, type Socket } from 'node:net';
import { releaseAfterTest } from './clean-up.ts';
import { createMessageSplitter } from './client-messages.ts';

export type CutStyle = 'rst' | 'fin';

/** Where to stop a connection. */
export type Hold = {
  /** Tried on the SQL of each simple query, and on the bytes of every other message. */
  readonly pattern: RegExp;
  /**
   * `before`: the server sees everything up to that message and neither it nor what follows. `after`: it sees that
   * message too, and none of its answers come back.
   */
  readonly moment: 'before' | 'after';
  /** Which of the messages that match, counted from now on over all connections; default the first. */
  readonly occurrence?: number;
};

/** A connection that stands still. When either side closes it, what was held back is lost. */
export type HeldWire = {
  /** Delivers what was held back, and goes on. */
  release(): void;
  /** Ends the connection on both sides (RST). */
  cut(): void;
};

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
   * Waits for the first message from a client that matches, and cuts that connection (RST) around it, once.
   * `before`: the server never sees them. `after`: the server does, and its answer is lost on the way.
   */
  cutWhenClientSends(pattern: RegExp, moment: 'before' | 'after'): void;
  /** Waits for a message from a client and stops that one connection around it, once; resolves when it stands still. */
  holdWhenClientSends(hold: Hold): Promise<HeldWire>;
  close(): Promise<void>;
};

type Wire = { readonly client: Socket; readonly server: Socket };
type Trap = {
  readonly pattern: RegExp;
  readonly moment: 'before' | 'after';
  left: number;
  readonly spring: (wire: HoldableWire) => void;
};

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
    const holdable = holdableWire(wire);
    const { push } = createMessageSplitter();
    carry(client, server, (chunk) => {
      for (const { bytes, text } of push(chunk)) {
        if (trap === null || !trap.pattern.test(text) || --trap.left > 0) {
          holdable.toServer(bytes);
          continue;
        }
        const { moment, spring } = trap;
        trap = null;
        if (moment === 'after') holdable.toServer(bytes);
        spring(holdable);
        if (moment === 'before') holdable.toServer(bytes);
      }
    });
    carry(server, client, holdable.toClient);
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
      const spring = (wire: HoldableWire) => (moment === 'before' ? wire.cut() : wire.cutBehind());
      trap = { pattern, moment, left: 1, spring };
    },
    holdWhenClientSends: ({ pattern, moment, occurrence = 1 }) =>
      new Promise((resolve) => {
        const spring = (wire: HoldableWire) => {
          wire.hold(moment);
          resolve(wire);
        };
        trap = { pattern, moment, left: occurrence, spring };
      }),
    close: async () => {
      const closed = stopListening(listener);
      proxy.cut('rst');
      await closed;
    },
  };
  releaseAfterTest(() => proxy.close());
  return proxy;
}

type HoldableWire = HeldWire & {
  /** Ends the connection behind what the server has been sent: it acts on that before it sees the client gone. */
  cutBehind(): void;
  toServer(bytes: Buffer): void;
  toClient(bytes: Buffer): void;
  hold(moment: 'before' | 'after'): void;
};

function holdableWire({ client, server }: Wire): HoldableWire {
  const heldBack = { toServer: null as Buffer[] | null, toClient: null as Buffer[] | null };
  const deliver = (to: Socket, held: Buffer[] | null, bytes: Buffer) => {
    if (held) held.push(bytes);
    else if (to.writable) to.write(bytes);
  };
  return {
    toServer: (bytes) => deliver(server, heldBack.toServer, bytes),
    toClient: (bytes) => deliver(client, heldBack.toClient, bytes),
    hold: (moment) => {
      heldBack.toServer = [];
      if (moment === 'after') heldBack.toClient = [];
    },
    release: () => {
      const { toServer, toClient } = heldBack;
      Object.assign(heldBack, { toServer: null, toClient: null });
      for (const bytes of toServer ?? []) deliver(server, null, bytes);
      for (const bytes of toClient ?? []) deliver(client, null, bytes);
    },
    cut: () => {
      client.resetAndDestroy();
      server.resetAndDestroy();
    },
    cutBehind: () => {
      client.resetAndDestroy();
      server.end();
    },
  };
}

function carry(from: Socket, to: Socket, deliver: (chunk: Buffer) => void): void {
  from.on('data', deliver);
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
