/** The part of a configuration shared by many tools that is about running tests. Pure. */

const RUNNERS = /\b(?:pytest|coverage|tox|nox|hatch|poe|taskipy|pdm|unittest|nosetests|aliases)\b/;

/** The text that decides how tests run: sections of runners in `pyproject.toml` and `setup.cfg`, elsewhere the whole text. */
export function runnerSections(path: string, text: string): string {
  if (!/(^|\/)(pyproject\.toml|setup\.cfg)$/.test(path)) return text;
  return text
    .split(/^(?=\[)/m)
    .filter((section) => RUNNERS.test(section.slice(0, Math.max(0, section.indexOf(']')))))
    .map((section) => section.trim())
    .join('\n');
}
