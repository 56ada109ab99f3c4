/** A repository on a small tmpfs, in a user and mount name space of its own: a disk that really is full, without any rights. */

import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { cpSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import { CLI, type Ran, type RunOptions, run, TestRepo, tempDir } from './repo.ts';

/** The repository as the name space sees it; its files are reached from here through /proc. */
export class SmallDisk extends TestRepo {
  readonly #enter: string[];
  readonly #inside: string;
  readonly #original: TestRepo;

  private constructor(holder: ChildProcess, inside: string, original: TestRepo) {
    super(`/proc/${holder.pid}/root${inside}/repo`);
    this.#enter = ['nsenter', '-t', String(holder.pid), '-U', '-m', '--preserve-credentials'];
    this.#inside = `${inside}/repo`;
    this.#original = original;
  }

  /** A disk of so many KiB that holds a copy of the repository, or null where this machine lets nobody make one. */
  static async of(original: TestRepo, kib: number): Promise<SmallDisk | null> {
    const at = tempDir('gs-disk-');
    const line = `mount -t tmpfs -o size=${kib}k none '${at}' && mkdir '${at}/repo' && echo ready && exec sleep 1000`;
    const holder = spawn('unshare', ['-Urm', 'sh', '-c', line], { stdio: ['ignore', 'pipe', 'ignore'] });
    onTestFinished(() => void holder.kill('SIGKILL'));
    const ready = await new Promise<boolean>((resolve) => {
      holder.stdout?.once('data', () => resolve(true));
      holder.once('error', () => resolve(false));
      holder.once('close', () => resolve(false));
    });
    if (!ready) return null;
    const disk = new SmallDisk(holder, at, original);
    disk.renew();
    return disk;
  }

  /** The original again, and all the room. */
  renew(): void {
    rmSync(`${this.dir}/../full`, { force: true });
    rmSync(this.dir, { recursive: true, force: true });
    cpSync(this.#original.dir, this.dir, { recursive: true, preserveTimestamps: true });
  }

  /** Leaves so many KiB, in steps of a page. */
  leave(kib: number): void {
    const { bavail, bsize } = statfsSync(this.dir);
    writeFileSync(`${this.dir}/../full`, Buffer.alloc(Math.max(0, bavail * bsize - kib * 1024)));
  }

  /** Room again. */
  free(): void {
    rmSync(`${this.dir}/../full`, { force: true });
  }

  override git(...args: string[]): string {
    const [file = '', ...enter] = this.#enter;
    const line = [...enter, 'git', '-C', this.#inside, ...args];
    return execFileSync(file, line, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).replace(/\n$/, '');
  }

  override session(args: string[], options: RunOptions = {}): Promise<Ran> {
    const [file = '', ...enter] = this.#enter;
    const line = `cd '${this.#inside}' && exec "$@"`;
    return run(file, [...enter, 'sh', '-c', line, 'sh', process.execPath, CLI, ...args], options);
  }
}
