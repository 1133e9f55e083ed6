#!/bin/sh
# Installs what BuildIt needs into its own folder, once, however many callers ask at the same time.
# usage: set-up.sh HOME — HOME is the folder that holds package-lock.json; all talk goes to stderr.
# Done means: node_modules/.buildit-lock.json equals package-lock.json. Exit 3 when this machine is not ready for it.
set -eu

home=$1
cache=$home/.cache
lock=$cache/set-up.lock
log=$cache/set-up.log
stamp=$home/node_modules/.buildit-lock.json
minimum=20
patience=${BUILDIT_SETUP_PATIENCE:-900}
ticker=

say() { printf '%s\n' "$*" >&2; }

# fail CODE SENTENCE CAUSE FIX: the format of every error of the command line
fail() {
	say "error[$1]: $2"
	say "  cause  $3"
	say "  fix    $4"
	say "  more   $home/docs/setup.md#$1"
	exit 3
}

is_set_up() { cmp -s "$home/package-lock.json" "$stamp"; }

# The lock is a symbolic link whose target is its owner's pid: made at once with its content, so it is never without one.
take_lock() {
	waited=0
	until ln -s "$$" "$lock" 2>/dev/null; do
		owner=$(readlink "$lock" 2>/dev/null) || continue
		if ! kill -0 "$owner" 2>/dev/null; then
			release_dead_lock "$owner"
			continue
		fi
		[ "$waited" -ne 0 ] || say "buildit: process $owner is installing what BuildIt needs; waiting for it"
		if [ "$waited" -ge "$patience" ]; then
			fail set-up-locked "Another process does not finish installing what BuildIt needs" \
				"process $owner has held $lock for more than ${patience}s" \
				"end that process, or remove the lock if it is another program by now, then run the command again"
		fi
		sleep 1
		waited=$((waited + 1))
	done
	trap 'release' EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
}

# Two waiters may see the same dead owner: renaming decides which of them removes the lock. One that took a newer lock
# away puts it back.
release_dead_lock() {
	aside=$lock.$$
	mv "$lock" "$aside" 2>/dev/null || return 0
	taken=$(readlink "$aside")
	rm -f "$aside"
	[ "$taken" = "$1" ] || ln -s "$taken" "$lock" 2>/dev/null || :
}

release() {
	stop_ticker
	rm -f "$lock"
}

stop_ticker() {
	[ -z "$ticker" ] || kill "$ticker" 2>/dev/null || :
	ticker=
}

# One line every five seconds, on a terminal one line that is rewritten every second.
tick() {
	second=0
	# Ends with its parent, also when that was killed.
	while sleep 1 && kill -0 "$$" 2>/dev/null; do
		second=$((second + 1))
		if [ -t 2 ] && [ "${TERM:-dumb}" != dumb ]; then
			printf '\r  %s … %ss ' "$1" "$second" >&2
		elif [ $((second % 5)) -eq 0 ]; then
			say "  $1 … ${second}s"
		fi
	done
}

# run_logged WHAT COMMAND…: its output goes to the log, how long it takes is shown meanwhile
run_logged() {
	what=$1
	shift
	tick "$what" &
	ticker=$!
	status=0
	"$@" >>"$log" 2>&1 </dev/null || status=$?
	stop_ticker
	if [ -t 2 ] && [ "${TERM:-dumb}" != dumb ]; then printf '\r\033[K' >&2; fi
	return "$status"
}

# What npm, else the program, gave as the reason, on one line.
last_error() {
	line=$(sed -n 's/^npm error  *\(.\)/\1/p' "$log" | head -n 3 | tr '\n' ' ')
	[ -n "$line" ] || line=$(grep -m 1 -E '(Error|error)' "$log") || line=$(tail -n 1 "$log")
	printf '%s' "${line:-no output}" | cut -c 1-300
}

check_node() {
	command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 || fail node-missing \
		"BuildIt needs Node $minimum or newer with npm to install itself" \
		"there is no node or no npm on PATH" \
		"install Node $minimum or newer (nodejs.org, or your system's package), then run the command again"
	version=$(node -p process.versions.node)
	[ "${version%%.*}" -ge "$minimum" ] || fail node-too-old \
		"Node $version is too old to install BuildIt" \
		"$(command -v node) is version $version, at least $minimum is needed" \
		"install Node $minimum or newer, or put it first on PATH, then run the command again"
}

# npm of this machine's Node, with what a user's settings may leave out put back.
run_npm() {
	run_logged "installing packages" env NODE_ENV=development npm "$@" --include=dev --include=optional \
		--ignore-scripts=false --no-audit --no-fund --loglevel=error
}

install_packages() {
	cd "$home"
	# A complete installation of another lock file is brought up to date in place: quicker, and what runs from it goes
	# on. It is incomplete from here on, so that after an interruption all is installed anew.
	if [ -f "$stamp" ]; then
		rm -f "$stamp"
		run_npm install --no-save && updated=yes || updated=
	else
		updated=
	fi
	[ -n "$updated" ] || run_npm ci || fail set-up-failed \
		"The packages BuildIt needs could not be installed" \
		"npm ci: $(last_error)" \
		"check the network and npm's registry setting, then run the command again; the whole output is in $log"
	"$home/node_modules/node/bin/node" --version >>"$log" 2>&1 || fail node-not-installed \
		"The Node that runs BuildIt was not installed" \
		"$home/node_modules/node/bin/node does not start on $(uname -sm)" \
		"BuildIt runs on Linux (glibc) and macOS, x64 and arm64; there, remove node_modules and run the command again"
}

build_bundle() {
	[ -f "$home/temporal/build.ts" ] || return 0
	run_logged "building the workflows" "$home/node_modules/node/bin/node" --disable-warning=ExperimentalWarning \
		"$home/temporal/build.ts" || fail bundle-failed \
		"The workflow bundle could not be built" \
		"$(last_error)" \
		"restore the sources (git status shows what changed), then run the command again; the whole output is in $log"
}

if [ -d "$home/node_modules" ]; then
	why="package-lock.json differs from what is installed"
else
	why="nothing is installed yet"
fi
mkdir -p "$cache" 2>/dev/null && [ -w "$home" ] || fail set-up-failed \
	"The packages BuildIt needs could not be installed" "$home cannot be written" \
	"run buildit once as the owner of that folder"
take_lock
if is_set_up; then exit 0; fi
check_node
say "buildit: installing what BuildIt needs into $home/node_modules, once ($why)"
: >"$log"
install_packages
build_bundle
cp "$home/package-lock.json" "$stamp.$$" && mv "$stamp.$$" "$stamp"
say "buildit: installed"
