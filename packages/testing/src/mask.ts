/** What changes from run to run, and what stands for it in a snapshot. In this order: the first match wins. */
const MASKS: readonly (readonly [pattern: RegExp, stand: string])[] = [
  [/\b\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z| ?[+-]\d{2}(:?\d{2})?)?/g, '<time>'],
  [/(?<![\w/])(?:\/private)?\/(?:tmp|var\/folders|var\/tmp)\/[\w./@+-]*[\w/]/g, '<path>'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/g, '<uuid>'],
  [/\b[0-9a-f]{40,64}\b/g, '<hash>'],
  [/\bt_[0-9a-f]{12}\b/g, '<database>'],
  [/(127\.0\.0\.1|localhost|\[?::1\]?):\d{2,5}\b/g, '$1:<port>'],
  [/\bport(["']?[ :=]+)\d+\b/gi, 'port$1<port>'],
  [/\bpid(["']?[ :=]+)\d+\b/gi, 'pid$1<pid>'],
  [/("\w*(?:Ms|ms)": ?)\d+(\.\d+)?/g, '$1<ms>'],
  [/\b\d+(\.\d+)? ?(ms|µs|s|sec|seconds?|min|minutes?|h)\b/g, '<duration>'],
];

/** Replaces times, durations, ports, process ids, temporary paths, database names and hashes by their kind. */
export function mask(text: string): string {
  return MASKS.reduce((masked, [pattern, stand]) => masked.replace(pattern, stand), text);
}
