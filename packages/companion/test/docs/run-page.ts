import { isSameOutput, parseConsole, renderConsole, runConsole, runInShell } from './console.ts';
import type { Block } from './markdown.ts';
import type { Page } from './pages.ts';
import type { Project } from './project.ts';
import { SCENES } from './scenes.ts';
import { runTypeScript } from './typescript.ts';

/** What a page shows and a machine can run. */
export const RUNNABLE = ['sh', 'console', 'sql', 'ts'];

export type PageRun = {
  /** Text of the page with the output that was really printed. */
  readonly text: string;
  /** What differs, block by block. */
  readonly differences: readonly { readonly line: number; readonly page: string; readonly ran: string }[];
};

/** Runs every block of the page in the scene that it names. Rejects where something ends other than it should. */
export async function runPage(page: Page): Promise<PageRun> {
  const differences: { line: number; page: string; ran: string }[] = [];
  let text = page.text;
  let shift = 0;
  let stage = null as { readonly line: number; readonly project: Project } | null;
  try {
    for (const block of page.blocks) {
      if (isLeftOut(block)) continue;
      if (block.scene === null) throw new Error(`${page.path}:${block.line}: no scene is named above.`);
      if (stage?.line !== block.scene.line) {
        await stage?.project.dispose();
        stage = null;
        stage = { line: block.scene.line, project: await setScene(block.scene.name) };
      }
      const ran = await runBlock(stage.project, block).catch((cause: unknown) => {
        throw new Error(`${page.path}:${block.line}: ${cause instanceof Error ? cause.message : cause}`, {
          cause,
        });
      });
      if (ran === block.text) continue;
      differences.push({ line: block.line, page: block.text, ran });
      const at = block.offset + shift;
      text = text.slice(0, at) + ran + text.slice(at + block.text.length);
      shift += ran.length - block.text.length;
    }
  } finally {
    await stage?.project.dispose();
  }
  return { text, differences };
}

/** Blocks that are not for running, and those whose comment says why they are not run. */
function isLeftOut({ language, directives }: Block): boolean {
  return directives.has('not run') || !(RUNNABLE.includes(language) || directives.has('file'));
}

function setScene(name: string): Promise<Project> {
  const scene = SCENES[name];
  if (scene === undefined) throw new Error(`There is no scene "${name}".`);
  return scene();
}

/** The block as it should stand on the page. */
async function runBlock(project: Project, block: Block): Promise<string> {
  const { text, language, directives } = block;
  const file = directives.get('file');
  if (file !== undefined) {
    project.folder.write(file, text);
    return text;
  }
  const exit = Number(directives.get('exit') ?? 0);
  if (language === 'console') {
    const shown = parseConsole(text);
    const ran = await runConsole(project, shown, { exit, columns: Number(directives.get('columns') ?? 80) });
    return isSameOutput(shown, ran) ? text : renderConsole(ran);
  }
  if (language === 'sql') {
    await project.database.sql.unsafe(toOurNames(text, project)).simple();
    return text;
  }
  if (language === 'ts') return runSnippet(project, block);
  const { exitCode, screen } = await runInShell(project, text);
  if (exitCode !== exit) throw new Error(`it ended with ${exitCode}, not ${exit}:\n${screen}`);
  return text;
}

/** SQL names what the page names; where the test could not take the same name, it is put in. */
function toOurNames(sql: string, { names }: Project): string {
  return names
    .filter(([, shown]) => /^shop_\w+$/.test(shown))
    .reduce((text, [ours, shown]) => text.replaceAll(shown, ours), sql)
    .replaceAll('DATABASE shop', () => `DATABASE ${names.find(([, shown]) => shown === 'shop')?.[0]}`);
}

/** `then`: code behind the snippet, which uses what it defines; `prints`: what comes out, lines joined by ` / `. */
async function runSnippet(project: Project, { text, directives }: Block): Promise<string> {
  const output = await runTypeScript(project, `${text}\n${directives.get('then') ?? ''}\n`);
  const printed = output.trim().replaceAll('\n', ' / ');
  const expected = directives.get('prints') ?? '';
  if (printed !== expected)
    throw new Error(`it printed ${JSON.stringify(printed)}, not ${JSON.stringify(expected)}`);
  return text;
}
