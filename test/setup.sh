#!/bin/sh
# Gets what the tests need beyond npm packages: a browser, Neovim, Spin, a C compiler (Debian), and
# the editor host (npm), which is cached below ${XDG_CACHE_HOME:-~/.cache}. Safe to run again.
set -eu
cd "$(dirname "$0")"

APT='apt-get install -y --no-install-recommends chromium neovim spin gcc libc6-dev'

have() { command -v "$1" >/dev/null 2>&1; }

missing=
have chromium || have google-chrome || missing="$missing chromium"
have nvim || missing="$missing nvim"
have spin || missing="$missing spin"
have gcc || missing="$missing gcc"

if [ -n "$missing" ]; then
  echo "setup: missing:$missing"
  export DEBIAN_FRONTEND=noninteractive
  if have apt-get && [ "$(id -u)" = 0 ]; then
    apt-get update && $APT
  elif have apt-get && have sudo && sudo -n true 2>/dev/null; then
    sudo apt-get update && sudo DEBIAN_FRONTEND=noninteractive $APT
  else
    echo "setup: please run as root: apt-get update && $APT"
  fi || echo "setup: could not install; please run as root: apt-get update && $APT"
fi

# The editor host. The folder is named after its lock file and this script, so a change of either
# makes a new one; it is built aside and moved in place when it is complete.
hash=$(cat editor-host/package-lock.json setup.sh | sha256sum | cut -c1-16)
cache="${XDG_CACHE_HOME:-$HOME/.cache}/racelore"
host="$cache/editor-host-$hash"
if [ ! -d "$host" ]; then
  echo "setup: installing the editor host into $host"
  mkdir -p "$cache"
  part=$(mktemp -d "$cache/part-XXXXXX")
  trap 'rm -rf "$part"' EXIT
  cp editor-host/package.json editor-host/package-lock.json "$part"
  (cd "$part" && npm ci --ignore-scripts --no-fund --no-audit)
  vscode="$part/node_modules/code-server/lib/vscode"
  # What the host's own postinstall would do, without its compiling and downloading.
  (cd "$vscode" && npm install --ignore-scripts --omit=dev --no-save --no-fund --no-audit &&
    ln -sfn node_modules node_modules.asar)
  mkdir -p "$vscode/node_modules/@vscode/ripgrep/bin"
  cp "$part/node_modules/@vscode/ripgrep-linux-x64/bin/rg" "$vscode/node_modules/@vscode/ripgrep/bin/rg"
  chmod 755 "$part"
  mv -T "$part" "$host" 2>/dev/null || [ -d "$host" ]
  trap - EXIT
fi
echo "setup: ready"
