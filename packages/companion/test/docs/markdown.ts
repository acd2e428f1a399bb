/** A fenced block, with what the comments above it say about running it. */
export type Block = {
  /** First word behind the fence; '' for none. */
  readonly language: string;
  /** The words behind it. */
  readonly words: readonly string[];
  readonly text: string;
  /** 1-based line of the opening fence. */
  readonly line: number;
  /** Offset of `text` in the page. */
  readonly offset: number;
  /** `<!-- name: value -->` comments since the block before. */
  readonly directives: ReadonlyMap<string, string>;
  /** The last `<!-- scene: name -->` above; blocks under the same comment share one world. */
  readonly scene: Scene | null;
};

export type Scene = { readonly name: string; readonly line: number };

export type Link = { readonly target: string; readonly line: number };

export type Markdown = {
  readonly blocks: readonly Block[];
  readonly links: readonly Link[];
  /** Text of the headings, as written. */
  readonly headings: readonly string[];
  /** What GitHub makes of the headings, for `#…`. */
  readonly anchors: ReadonlySet<string>;
};

/** Reads the little of Markdown that our pages use. Pure. */
export function parseMarkdown(text: string): Markdown {
  const blocks: Block[] = [];
  const links: Link[] = [];
  const headings: string[] = [];
  let scene: Scene | null = null;
  let directives = new Map<string, string>();
  let open: (Pick<Block, 'language' | 'words' | 'line' | 'offset'> & { fence: string }) | null = null;
  let offset = 0;
  for (const [index, line] of text.split('\n').entries()) {
    const next = offset + line.length + 1;
    const fence = /^(`{3,})\s*(\S*)(.*)/.exec(line);
    if (open !== null) {
      if (line === open.fence) {
        const { language, words, line, offset: start } = open;
        blocks.push({
          language,
          words,
          line,
          offset: start,
          text: text.slice(start, offset),
          directives,
          scene,
        });
        directives = new Map();
        open = null;
      }
    } else if (fence) {
      const [, marks = '', language = '', rest = ''] = fence;
      const words = rest.split(' ').filter((word) => word !== '');
      open = { fence: marks, language, words, line: index + 1, offset: next };
    } else {
      for (const [, name = '', value = ''] of line.matchAll(/<!-- ([a-z ]+?)(?:: (.*?))? -->/g)) {
        if (name === 'scene') scene = { name: value, line: index + 1 };
        else directives.set(name, value);
      }
      const heading = /^#{1,6} (.+)$/.exec(line)?.[1];
      if (heading !== undefined) headings.push(heading);
      for (const [, target = ''] of withoutCode(line).matchAll(/\]\(([^)\s]+)\)/g)) {
        links.push({ target, line: index + 1 });
      }
    }
    offset = next;
  }
  return { blocks, links, headings, anchors: new Set(toAnchors(headings)) };
}

/** In code, `](` is no link. */
function withoutCode(line: string): string {
  return line.replace(/`[^`]*`/g, '');
}

/** As GitHub does it: lower case, punctuation gone, spaces to dashes, repetitions numbered. */
function toAnchors(headings: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return headings.map((heading) => {
    const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const anchor = plain.replace(/[^\p{L}\p{N}_\- ]/gu, '').replaceAll(' ', '-');
    const times = seen.get(anchor) ?? 0;
    seen.set(anchor, times + 1);
    return times === 0 ? anchor : `${anchor}-${times}`;
  });
}
