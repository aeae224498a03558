# What deploy/run and deploy/test share. Sourced, not run.

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$top"

say() { printf '\033[1m▸ %s\033[0m\n' "$*"; }

refuse() {
    printf '✗ %s\n' "$*" >&2
    exit 2
}

# Installs the Debian packages that are not there yet.
install_packages() {
    local missing=()
    for package in "$@"; do
        [ "$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null)" = 'install ok installed' ] || missing+=("$package")
    done
    [ ${#missing[@]} -eq 0 ] && return
    command -v apt-get >/dev/null || refuse "these libraries are missing: ${missing[*]}. Install them with your system's package manager."
    local sudo=''
    [ "$(id -u)" -eq 0 ] || sudo='sudo'
    say "Installing ${missing[*]}"
    $sudo apt-get update -qq
    DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

need_swift() {
    command -v swift >/dev/null || refuse 'Swift 6.2 or newer is needed: https://www.swift.org/install/linux/'
}

libraries=(librdkafka-dev libsqlite3-dev libxml2-dev libturbojpeg0-dev libpng-dev libsndfile1-dev libcurl4-openssl-dev libxlsxwriter-dev zlib1g-dev libjs-leaflet libjs-leaflet.markercluster libjs-chart.js)
