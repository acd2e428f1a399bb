const CODES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const;

export type Color = keyof typeof CODES;
export type Paint = Readonly<Record<Color, (text: string) => string>>;

/** A palette of six; without colour each of them returns the text as it is. */
export function createPaint({ color }: { readonly color: boolean }): Paint {
  const brush = (name: Color) => (text: string) => {
    const [open, close] = CODES[name];
    return color && text !== '' ? `\x1b[${open}m${text}\x1b[${close}m` : text;
  };
  return {
    bold: brush('bold'),
    dim: brush('dim'),
    red: brush('red'),
    green: brush('green'),
    yellow: brush('yellow'),
    cyan: brush('cyan'),
  };
}
