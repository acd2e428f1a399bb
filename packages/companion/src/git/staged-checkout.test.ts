import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { releaseAfterTest, temporaryFolder } from '@companion/testing';
import { describe, expect, it } from 'vitest';
import { gitRepository, type TestRepository } from '../../test/git-repository.ts';
import { sourceScript } from '../../test/source-script.ts';
import { openRepository } from './repository.ts';
import { withStagedCheckout } from './staged-checkout.ts';

async function checkOut<T>(
  repository: TestRepository,
  paths: readonly string[],
  work: (root: string) => Promise<T> | T,
): Promise<T> {
  const opened = await openRepository(repository.path);
  if (!opened) throw new Error('no repository');
  const absolute = paths.map((path) => join(repository.path, path));
  return withStagedCheckout(opened, { paths: absolute }, async (root) => work(root));
}

const readIn = (root: string) => (path: string) =>
  existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : null;

describe('a checkout of what is staged', () => {
  it('has the files as staged, where they lie in the repository, and is gone afterwards', async () => {
    const repository = gitRepository({ 'src/a b.ts': 'one', 'src/é/b.ts': 'one', 'src/gone.ts': '' });
    repository.write('src/a b.ts', 'two');
    repository.git('rm', '-q', '--cached', 'src/gone.ts');
    repository.git('add', 'src/a b.ts');
    repository.write('src/a b.ts', 'three');
    repository.write('src/untracked.ts', 'x');
    repository.write('src/announced.ts', 'x');
    repository.git('add', '-N', 'src/announced.ts');
    const before = repository.fingerprint();
    const checkout = await checkOut(repository, ['src'], (root) => {
      expect(readdirSync(join(root, 'src')).sort()).toEqual(['a b.ts', 'é']);
      expect(readIn(root)('src/a b.ts')).toBe('two');
      expect(readIn(root)('src/é/b.ts')).toBe('one');
      expect(root).toBe(realpathSync(root));
      return root;
    });
    expect(existsSync(checkout)).toBe(false);
    expect(repository.fingerprint()).toBe(before);
    expect(repository.read('src/a b.ts')).toBe('three');
  });

  it('is removed when the work fails, with the links, and not with what they lead to', async () => {
    const repository = gitRepository({ '.gitignore': 'node_modules\n', 'src/a.ts': 'a' });
    repository.write('node_modules/zod/index.js', 'zod');
    let checkout = '';
    const failing = checkOut(repository, [''], (root) => {
      checkout = root;
      expect(readIn(root)('node_modules/zod/index.js')).toBe('zod');
      throw new Error('of the work');
    });
    await expect(failing).rejects.toThrow('of the work');
    expect(existsSync(checkout)).toBe(false);
    expect(repository.read('node_modules/zod/index.js')).toBe('zod');
  });

  it('has no more than is asked for, and the settings above it', async () => {
    const repository = gitRepository({
      'package.json': '{}',
      'tsconfig.json': '{}',
      'README.md': '',
      'packages/db/package.json': '{}',
      'packages/db/src/schema.ts': '',
      'packages/db/src/x.md': '',
      'packages/web/package.json': '{}',
    });
    await checkOut(repository, ['packages/db/src'], (root) => {
      expect(listFiles(root)).toEqual([
        'package.json',
        'packages/db/package.json',
        'packages/db/src/schema.ts',
        'packages/db/src/x.md',
        'tsconfig.json',
      ]);
    });
  });

  it('links what git ignores, and packages that nobody thought of ignoring', async () => {
    const repository = gitRepository({
      '.gitignore': '.env\ngenerated/\n',
      'packages/db/src/schema.ts': '',
    });
    repository.write('packages/db/.env', 'URL=x');
    repository.write('packages/db/src/generated/client.ts', 'generated');
    repository.write('packages/db/node_modules/@scope/lib/index.js', 'lib');
    await checkOut(repository, ['packages/db'], (root) => {
      const read = readIn(join(root, 'packages/db'));
      expect([
        read('.env'),
        read('src/generated/client.ts'),
        read('node_modules/@scope/lib/index.js'),
      ]).toEqual(['URL=x', 'generated', 'lib']);
    });
  });

  it('resolves packages of the workspace to what is staged, and those that they need', async () => {
    const repository = gitRepository({
      '.gitignore': 'node_modules\n',
      'packages/db/index.mjs': "export { tell } from '@shop/shared';\n",
      'packages/shared/package.json': '{"name":"@shop/shared","type":"module","exports":"./index.mjs"}',
      'packages/shared/index.mjs': "import b from 'base';\nexport const tell = 'old ' + b;\n",
      'packages/base/package.json': '{"name":"base","exports":"./index.mjs"}',
      'packages/base/index.mjs': "export { default } from 'installed';\n",
      'packages/unrelated/index.mjs': '',
    });
    const path = (...parts: readonly string[]) => join(repository.path, ...parts);
    const linkPackage = (to: string, at: string) => {
      mkdirSync(dirname(path(at)), { recursive: true });
      symlinkSync(path(to), path(at));
    };
    linkPackage('packages/shared', 'packages/db/node_modules/@shop/shared');
    linkPackage('packages/base', 'packages/shared/node_modules/base');
    repository.write(
      'node_modules/.pnpm/installed@1/node_modules/installed/index.mjs',
      "export default 'installed';",
    );
    repository.write(
      'node_modules/.pnpm/installed@1/node_modules/installed/package.json',
      '{"exports":"./index.mjs"}',
    );
    linkPackage(
      'node_modules/.pnpm/installed@1/node_modules/installed',
      'packages/base/node_modules/installed',
    );
    repository.write(
      'packages/shared/index.mjs',
      "import b from 'base';\nexport const tell = 'staged ' + b;\n",
    );
    repository.git('add', '-A');
    repository.write('packages/shared/index.mjs', "export const tell = 'on disk';\n");

    await checkOut(repository, ['packages/db'], async (root) => {
      const module = await run(root, "import('./packages/db/index.mjs').then((m) => console.log(m.tell))");
      expect(module.trim()).toBe('staged installed');
      expect(existsSync(join(root, 'packages/unrelated'))).toBe(false);
    });
  });

  it('writes line endings as a checkout would', async () => {
    const repository = gitRepository({ '.gitattributes': '*.sql text eol=crlf\n', 'a.sql': 'a\nb\n' });
    await checkOut(repository, [''], (root) => expect(readIn(root)('a.sql')).toBe('a\r\nb\r\n'));
  });

  it('links submodules', async () => {
    const inner = gitRepository({ 'x.ts': 'x' });
    const repository = gitRepository({ 'src/a.ts': 'a' });
    repository.git('submodule', '--quiet', 'add', `file://${inner.path}`, 'src/inner');
    await checkOut(repository, ['src'], (root) => expect(readIn(root)('src/inner/x.ts')).toBe('x'));
  });
});

describe('an interrupted process', () => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    it(`removes its checkout on ${signal}, and ends by it`, async () => {
      const { child, checkout, repository, before } = await holdCheckout();
      child.kill(signal);
      expect(await ended(child)).toBe(signal);
      expect(existsSync(checkout)).toBe(false);
      expect(repository.fingerprint()).toBe(before);
    });
  }

  it('removes it at process.exit', async () => {
    const { child, checkout } = await holdCheckout();
    child.stdin?.write('exit\n');
    await ended(child);
    expect(existsSync(checkout)).toBe(false);
  });

  it('harms nothing by SIGKILL: what it leaves lies outside of the repository', async () => {
    const { child, checkout, repository, before } = await holdCheckout();
    child.kill('SIGKILL');
    await ended(child);
    expect(existsSync(checkout)).toBe(true);
    expect(repository.fingerprint()).toBe(before);
    expect(repository.git('commit', '-q', '-m', 'goes on')).toBe('');
    expect(repository.git('fsck', '--strict', '--no-dangling')).toBe('');
  });
});

/** A process of its own that has a checkout and waits. */
async function holdCheckout() {
  const repository = gitRepository({ 'src/a.ts': 'a' });
  repository.write('src/a.ts', 'b');
  repository.git('add', '-A');
  const before = repository.fingerprint();
  const temporary = temporaryFolder();
  const script = sourceScript(`
    const { openRepository } = await load('git/repository.ts');
    const { withStagedCheckout } = await load('git/staged-checkout.ts');
    const repository = await openRepository(${JSON.stringify(repository.path)});
    process.stdin.on('data', () => process.exit(0));
    await withStagedCheckout(repository, { paths: [repository.root] }, async (root) => {
      console.log(root);
      await new Promise(() => {});
    });`);
  temporary.write('hold.mjs', script);
  const child = spawn(process.execPath, [join(temporary.path, 'hold.mjs')], {
    env: { ...process.env, TMPDIR: temporary.path },
  });
  releaseAfterTest(() => {
    child.kill('SIGKILL');
  });
  let printed = '';
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const checkout = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      printed += chunk;
      if (printed.includes('\n')) resolve(printed.trim());
    });
    child.on('close', () => reject(new Error(errors)));
  });
  expect(existsSync(join(checkout, 'src/a.ts'))).toBe(true);
  return { child, checkout, repository, before };
}

async function ended(child: ChildProcess): Promise<NodeJS.Signals | null> {
  return new Promise((resolve) => child.on('close', (_, signal) => resolve(signal)));
}

async function run(cwd: string, code: string): Promise<string> {
  const child = spawn(process.execPath, ['-e', code], { cwd });
  let text = '';
  child.stdout.on('data', (chunk) => {
    text += chunk;
  });
  child.stderr.on('data', (chunk) => {
    text += chunk;
  });
  await ended(child);
  return text;
}

function listFiles(root: string): readonly string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .sort();
}
