import { expect, test } from 'vitest';
import { createMessageSplitter } from './client-messages.ts';

const START = Buffer.concat([uint32(13), uint32(196608), Buffer.from('user\0')]);

test('finds the messages in a stream, however it was cut', () => {
  const stream = Buffer.concat([START, query('BEGIN'), query("SELECT 'ä'"), Buffer.from('X\0\0\0\x04')]);
  for (const size of [1, 5, 7, 1000]) {
    const { push } = createMessageSplitter();
    const messages = [];
    for (let at = 0; at < stream.length; at += size) messages.push(...push(stream.subarray(at, at + size)));
    expect(messages.map((message) => message.text).slice(1)).toEqual(['BEGIN', "SELECT 'ä'", 'X\0\0\0\x04']);
    expect(Buffer.concat(messages.map((message) => message.bytes))).toEqual(stream);
  }
});

test('knows the start packet that follows a question for encryption', () => {
  const { push } = createMessageSplitter();
  push(Buffer.concat([uint32(8), uint32(80877103)]));
  expect(push(Buffer.concat([START, query('BEGIN')])).at(-1)?.text).toBe('BEGIN');
});

test('passes on what is not PostgreSQL', () => {
  const { push } = createMessageSplitter();
  expect(push(Buffer.from('GET /')).map((message) => message.text)).toEqual(['GET /']);
  expect(push(Buffer.from('\0\0')).map((message) => message.bytes.length)).toEqual([2]);
});

function query(sql: string): Buffer {
  const text = Buffer.from(`${sql}\0`);
  return Buffer.concat([Buffer.from('Q'), uint32(text.length + 4), text]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
