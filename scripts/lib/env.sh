# Sourced by the scripts beside it: finds Python, makes the environment `.venv` at the project's root and
# installs councilscope into it. Sets ROOT and PY. Does nothing, and needs no network, where all is in place.

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
VENV="$ROOT/.venv"
PY="$VENV/bin/python"
STAMP="$VENV/.councilscope-installed"

say() { printf '%s\n' "$*" >&2; }

# Is "$1" a Python 3.11, 3.12 or 3.13?
good_python() {
  "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1
}

# Prints the Python to use: $PYTHON if set, else the newest suitable one on the PATH.
find_python() {
  local name
  if [ -n "${PYTHON:-}" ]; then
    good_python "$PYTHON" && { command -v "$PYTHON"; return 0; }
    say "PYTHON is set to '$PYTHON', which is not a working Python 3.11, 3.12 or 3.13."
    return 1
  fi
  for name in python3.13 python3.12 python3.11 python3 python; do
    good_python "$name" && { command -v "$name"; return 0; }
  done
  say "councilscope needs Python 3.11, 3.12 or 3.13, and none was found on the PATH."
  say "Install one (Debian, Ubuntu: apt-get install python3 python3-venv; others: https://www.python.org/downloads/)"
  say "or name one: PYTHON=/path/to/python3.12 $0"
  return 1
}

# Debian's Python comes without the part that makes environments; add it where we may.
need_venv_module() {
  "$1" -c 'import ensurepip, venv' >/dev/null 2>&1 && return 0
  local package
  package="$("$1" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "Installing Debian's $package …"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$package"; } >&2
  else
    say "$1 cannot make environments. Install its venv module (Debian, Ubuntu: apt-get install $package) and try again."
    return 1
  fi
}

# Tesseract reads scanned pages. Its tests are skipped, saying so, where it is not here and may not be installed.
want_tesseract() {
  command -v tesseract >/dev/null && return 0
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "Installing Debian's tesseract-ocr …"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq tesseract-ocr; } >&2 && return 0
  fi
  say "No tesseract here: tests of scanned pages are skipped (Debian, Ubuntu: apt install tesseract-ocr)."
}

# Chromium opens the report across councils. Its tests are skipped, saying so, where it is not here and may not be installed.
want_chromium() {
  command -v chromium >/dev/null || command -v google-chrome >/dev/null && return 0
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "Installing Debian's chromium …"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium; } >&2 && return 0
  fi
  say "No Chromium here: tests of the report in a browser are skipped (Debian, Ubuntu: apt install chromium)."
}

# What an installation depends on: the requirements, the place and the Python.
fingerprint() {
  "$PY" - "$ROOT" <<'PYTHON_END'
import hashlib, pathlib, sys
root = pathlib.Path(sys.argv[1])
facts = [(root / "pyproject.toml").read_bytes(), str(root).encode(), sys.version.encode()]
print(hashlib.sha256(b"\0".join(facts)).hexdigest())
PYTHON_END
}

install() {
  local pip=("$PY" -m pip --disable-pip-version-check)
  # Where only the project's own facts changed, what is here already is enough.
  if "$PY" -c 'import hatchling, editables' >/dev/null 2>&1 \
    && "${pip[@]}" install -qq --no-index --no-build-isolation --editable "$ROOT[test]" >/dev/null 2>&1; then
    return 0
  fi
  say "Installing councilscope and what it needs into $VENV (some minutes, once) …"
  if ! "${pip[@]}" install -qq --editable "$ROOT[test]" >&2; then
    say "The installation did not finish; the lines above say why. It needs a network (PyPI) the first time. Try again: $0"
    return 1
  fi
}

make_venv() {
  local python
  if ! good_python "$PY" || ! "$PY" -m pip --version >/dev/null 2>&1; then
    python="$(find_python)" || exit 1
    need_venv_module "$python" || exit 1
    say "Making the environment $VENV with $("$python" --version) …"
    "$python" -m venv --clear "$VENV" || exit 1
  fi
  local wanted
  wanted="$(fingerprint)" || exit 1
  if [ ! -f "$STAMP" ] || [ "$(cat "$STAMP")" != "$wanted" ]; then
    rm -f "$STAMP"
    install || exit 1
    printf '%s\n' "$wanted" >"$STAMP"
  fi
}
