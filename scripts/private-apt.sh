# A private apt configuration: reads any Debian suite from the mirrors this machine already uses
# and changes nothing outside its own folder. Sourced by scripts/setup.
# shellcheck shell=bash disable=SC2034,SC2154

debian_keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# repository main|security: the URI that the machine's own apt configuration has for Debian's main
# or security archive.
repository() {
  apt-get indextargets --format "\$(REPO_URI)" 'Created-By: Packages' |
    awk -v want="$1" '{ kind = /security/ ? "security" : "main" } kind == want { print; exit }'
}

# apt_prepare SUITE: writes apt/SUITE and fetches its signed package lists, unless that was done
# within the last day.
apt_prepare() {
  local suite=$1 root=$deps/apt/$1 main security
  if [[ -n $(find "$root/updated" -mmin -1440 2>/dev/null) ]]; then return; fi
  [[ -r $debian_keyring ]] || fail "no $debian_keyring: install debian-archive-keyring"
  main=$(repository main)
  security=$(repository security)
  [[ -n $main ]] || fail "this machine's apt sources name no Debian archive"
  say "reading Debian $suite's package lists"
  mkdir -p "$root"/{parts,lists/partial,cache/archives/partial}
  : >"$root/status"
  {
    printf 'Types: deb deb-src\nURIs: %s\nSuites: %s %s-updates\n' "$main" "$suite" "$suite"
    printf 'Components: main\nSigned-By: %s\n' "$debian_keyring"
    [[ -z $security ]] ||
      printf '\nTypes: deb deb-src\nURIs: %s\nSuites: %s-security\n%s\nSigned-By: %s\n' \
        "$security" "$suite" 'Components: main' "$debian_keyring"
  } >"$root/parts/debian.sources"
  retry apt_in "$suite" -q update || fail "could not read Debian $suite's package lists; see $log"
  touch "$root/updated"
}

# apt_in SUITE arguments...: apt-get under that suite's private configuration.
apt_in() {
  local suite=$1 root=$deps/apt/$1
  shift
  apt-get "${apt_options[@]}" -o Dir::Etc::SourceParts="$root/parts" \
    -o Dir::State::Lists="$root/lists" -o Dir::State::status="$root/status" \
    -o Dir::Cache="$root/cache" "$@" >>"$log" 2>&1
}

# The newest version of a package, and what a meta package stands for, in one suite.
apt_cache_in() {
  local suite=$1 root=$deps/apt/$1
  shift
  apt-cache "${apt_options[@]}" -o Dir::Etc::SourceParts="$root/parts" \
    -o Dir::State::Lists="$root/lists" -o Dir::State::status="$root/status" \
    -o Dir::Cache="$root/cache" "$@" 2>>"$log"
}

# Signatures are required by apt's own defaults; the two Allow* lines keep them so.
apt_options=(-o Dir::Etc::SourceList=/dev/null -o Dir::Etc::preferences=/dev/null
  -o Dir::Etc::PreferencesParts=/dev/null -o APT::Sandbox::User=root -o APT::Architecture=amd64
  -o Acquire::Retries=3 -o Acquire::Languages=none -o APT::Get::List-Cleanup=false
  -o Acquire::AllowInsecureRepositories=false -o APT::Get::AllowUnauthenticated=false)

# retry command...: three tries, a few seconds apart.
retry() {
  local try
  for try in 1 2 3; do
    if "$@"; then return 0; fi
    echo "setup: try $try failed: $*" >>"$log"
    sleep $((try * 3))
  done
  return 1
}

# fetch_deb SUITE PACKAGE FOLDER: downloads a package (apt checks its hash against the signed lists)
# and unpacks it into FOLDER, installing nothing. Sets deb_name and deb_sum.
fetch_deb() {
  local suite=$1 package=$2 folder=$3 file
  mkdir -p "$deps/download/$package"
  rm -f "$deps/download/$package"/*.deb
  (cd "$deps/download/$package" && retry apt_in "$suite" download "$package") ||
    fail "could not download $package from Debian $suite; see $log"
  file=$(ls "$deps/download/$package"/*.deb)
  deb_name=$(basename "$file" .deb)
  deb_sum=$(sha256sum "$file" | cut -d' ' -f1)
  rm -rf "$folder"
  mkdir -p "$folder"
  dpkg-deb -x "$file" "$folder"
  rm -rf "$deps/download/$package"
}
