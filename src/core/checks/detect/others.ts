/** Languages whose own tool finds the tests by itself. Pure. */

import type { Project, Proposal, ProposedCheck } from './project.ts';

const plain = (...checks: ProposedCheck[]): Proposal => ({ setup: null, setup_inputs: [], checks });
const test = (run: string): ProposedCheck => ({ name: 'test', run });

export function go({ paths }: Project): Proposal | null {
  return paths.includes('go.mod') ? plain(test('go test ./...'), { name: 'lint', run: 'go vet ./...' }) : null;
}

export function rust({ paths }: Project): Proposal | null {
  return paths.includes('Cargo.toml') ? plain(test('cargo test')) : null;
}

export function ruby({ paths, texts }: Project): Proposal | null {
  const bundled = paths.includes('Gemfile');
  if (!bundled && !paths.includes('Rakefile')) return null;
  const bundle = bundled ? 'bundle exec ' : '';
  const run =
    paths.includes('.rspec') || paths.some((path) => /^spec\/.*_spec\.rb$/.test(path))
      ? `${bundle}rspec`
      : paths.includes('bin/rails')
        ? 'bin/rails test'
        : /TestTask|task[ (]+:?["']?test\b/.test(texts.get('Rakefile') ?? '')
          ? `${bundle}rake test`
          : null;
  const inputs = ['Gemfile', 'Gemfile.lock'].filter((path) => paths.includes(path));
  return { setup: bundled ? 'bundle install --quiet' : null, setup_inputs: inputs, checks: run === null ? [] : [test(run)] };
}

const GRADLE = ['build.gradle', 'build.gradle.kts', 'settings.gradle', 'settings.gradle.kts'];

export function gradle({ paths }: Project): Proposal | null {
  if (!GRADLE.some((path) => paths.includes(path))) return null;
  return plain(test(`${paths.includes('gradlew') ? './gradlew' : 'gradle'} test`));
}

export function maven({ paths }: Project): Proposal | null {
  return paths.includes('pom.xml') ? plain(test(`${paths.includes('mvnw') ? './mvnw' : 'mvn'} --batch-mode test`)) : null;
}

export function dotnet({ paths }: Project): Proposal | null {
  return paths.some((path) => /^[^/]+\.(sln|slnx|csproj|fsproj|vbproj)$/.test(path)) ? plain(test('dotnet test')) : null;
}

/** The make file's own test target; make reads the first of these names that is there. */
export function make({ texts }: Project): Proposal | null {
  const file = ['GNUmakefile', 'makefile', 'Makefile'].map((path) => texts.get(path)).find((text) => text !== undefined);
  return file !== undefined && /^test[ \t]*::?(?!=)/m.test(file) ? plain(test('make test')) : null;
}
