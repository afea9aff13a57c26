"""Reads manifests with Python's tomllib, and the front matter of skills with PyYAML.

Usage: manifests.py toml|yaml WORD FOLDER… prints the number of files, then a line for each fault.
"""

import pathlib
import sys

KNOWN = {"package", "lib", "bin", "example", "test", "bench", "features", "dependencies",
         "dev-dependencies", "lints", "book", "output", "build", "preprocessor", "workspace", "profile"}


def toml(path, word):
    import tomllib

    table = tomllib.loads(path.read_text(encoding="utf-8"))
    if path.name == "Cargo.toml":
        yield from (f"the table {name}" for name in table if name not in KNOWN)
    for kind in ("dependencies", "dev-dependencies", "build-dependencies"):
        yield from (f"the dependency {name}" for name in table.get(kind, {}) if word in name)


def yaml(path, word):
    import yaml as reader

    front = path.read_text(encoding="utf-8").split("\n---\n")[0].removeprefix("---\n")
    members = reader.safe_load(front)
    yield from (f"the member {name}" for name in members if name not in ("name", "description"))
    yield from (f"{name} is no text" for name, value in members.items() if not isinstance(value, str))


def main(kind, word, folders):
    read, pattern = {"toml": (toml, "*.toml"), "yaml": (yaml, "SKILL.md")}[kind]
    files = sorted(path for folder in folders for path in pathlib.Path(folder).rglob(pattern))
    faults = []
    for path in files:
        try:
            faults += [f"{path}: {fault}" for fault in read(path, word)]
        except ImportError:
            raise
        except Exception as error:
            faults.append(f"{path}: {error}")
    print(len(files))
    print("\n".join(faults))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
