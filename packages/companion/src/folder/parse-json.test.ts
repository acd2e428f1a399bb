import { describe, expect, it } from 'vitest';
import { parseJson } from './parse-json.ts';

describe('a text that is no JSON', () => {
  it.each([
    ['a comma before a bracket', '{\n"a": [\n1,\n]\n}', 3],
    ['a comma before a brace', '{\n"a": 1,\n}', 2],
    ['a word that is none', '{\n"a": 1,\n"b": maybe\n}', 3],
    ['a comma that is missing', '{\n"a": 1\n"b": 2\n}', 3],
    ['an end that is missing', '{\n"a": [1,\n2', 3],
    ['a string without an end', '{\n"a": "b\n}', 2],
    ['nothing', '', 1],
    ['something behind the end', '{}\n\n}', 3],
  ])('has its line: %s', (_, text, line) => {
    expect(parseJson(text)).toEqual({
      fault: { line, reason: 'it is not valid JSON', conflict: false },
    });
  });

  it('is a conflict when it has markers, from the first of them on', () => {
    const text = '{\n  "a": [\n<<<<<<< HEAD\n    1\n=======\n    2\n>>>>>>> branch\n  ]\n}';
    expect(parseJson(text)).toEqual({
      fault: { line: 3, reason: 'it has merge-conflict markers', conflict: true },
    });
  });

  it('is none for what only looks like markers inside of a string', () => {
    expect(parseJson('{"a": "\\n<<<<<<< HEAD"}')).toEqual({ value: { a: '\n<<<<<<< HEAD' } });
  });
});
