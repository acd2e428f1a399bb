/** One message of PostgreSQL's protocol from client to server. */
export type ClientMessage = {
  readonly bytes: Buffer;
  /** The SQL of a simple query; of any other message its bytes as Latin-1. */
  readonly text: string;
};

export type MessageSplitter = {
  /** The messages that `chunk` completes; the rest is kept for the next one. */
  push(chunk: Buffer): readonly ClientMessage[];
};

const QUERY = 'Q'.charCodeAt(0);
/** Codes of start packets that ask something and let the real start packet follow: SSLRequest, GSSENCRequest. */
const PRELIMINARY = new Set([80877103, 80877104]);

/**
 * Follows a client's stream from its first byte. A stream that does not begin like PostgreSQL's (its first message
 * is a length below 16 MB, so its first byte is zero) is passed on as it comes.
 */
export function createMessageSplitter(): MessageSplitter {
  let kept: Buffer = Buffer.alloc(0);
  let stage: 'start' | 'messages' | 'foreign' = 'start';
  return {
    push: (chunk) => {
      if (stage === 'start' && kept.length === 0 && chunk[0] !== 0) stage = 'foreign';
      if (stage === 'foreign') return [{ bytes: chunk, text: chunk.toString('latin1') }];
      kept = kept.length === 0 ? chunk : Buffer.concat([kept, chunk]);
      const messages: ClientMessage[] = [];
      for (;;) {
        // The start packet has no type byte before its length.
        const header = stage === 'start' ? 0 : 1;
        if (kept.length < header + 4) return messages;
        const end = header + kept.readUInt32BE(header);
        if (kept.length < end) return messages;
        const bytes = kept.subarray(0, end);
        kept = kept.subarray(end);
        if (stage === 'start' && !(bytes.length === 8 && PRELIMINARY.has(bytes.readUInt32BE(4))))
          stage = 'messages';
        messages.push({ bytes, text: readText(bytes) });
      }
    },
  };
}

function readText(bytes: Buffer): string {
  return bytes[0] === QUERY ? bytes.toString('utf8', 5, bytes.length - 1) : bytes.toString('latin1');
}
