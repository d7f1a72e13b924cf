#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A PostgreSQL of the tests' own: in a folder, behind a Unix socket there, with
# nothing kept for a crash. Its language is Spanish, so that an order which we
# left to the database is seen. Where the host has room for it in memory the data is
# there: a database of each test is thousands of files, and taking them away from a
# disk lasted 45 s. ON_DISK=1 for what measures.
#
#   postgres.sh start FOLDER [PORT]    (also where one was left running); at that port of this host, too
#   postgres.sh stop FOLDER            with all that it holds
#   postgres.sh end FOLDER             at once, as in a crash
#   postgres.sh restart FOLDER [MODE]  also after that; fast: it says goodbye (default immediate)
set -euo pipefail
act=$1 folder=$2 more=${3:-}

# PostgreSQL does not run as root; its package brings a user.
as_owner() { if ((EUID == 0)); then runuser -u postgres -- "$@"; else "$@"; fi; }

bin=$(find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -1)
[[ -n $bin ]] || { echo "PostgreSQL is not installed: apt-get install postgresql" >&2; exit 1; }

stop() { # [MODE]
	[[ -f $folder/data/postmaster.pid ]] && as_owner "$bin/pg_ctl" stop -D "$folder/data" -m "${1:-immediate}" -s || true
}

in_memory=/dev/shm/${folder##*/}
has_room() { [[ -z ${ON_DISK:-} ]] && (($(df --output=avail /dev/shm 2>/dev/null | tail -1 || true) + 0 > 4 * 1024 * 1024)); }

start() { as_owner "$bin/pg_ctl" start -D "$folder/data" -l "$folder/log" -w -t 120 -s; }

case $act in
start)
	stop
	rm -rf "$folder" "$in_memory"
	mkdir -m 700 "$folder"
	((EUID != 0)) || chown postgres: "$folder"
	if has_room; then
		mkdir -m 700 "$in_memory"
		((EUID != 0)) || chown postgres: "$in_memory"
		ln -s "$in_memory" "$folder/data"
	fi
	cd "$folder"
	as_owner "$bin/initdb" -D "$folder/data" -U centinela --auth=trust --no-sync --no-instructions \
		--encoding=UTF8 --locale=C.UTF-8 --locale-provider=icu --icu-locale=es >"/dev/null"
	cat >>"$folder/data/postgresql.conf" <<-END
		listen_addresses = '${more:+127.0.0.1}'
		port = ${more:-5432}
		unix_socket_directories = '$folder'
		max_connections = 400
		shared_buffers = 64MB
		fsync = off
		full_page_writes = off
		wal_level = minimal
		max_wal_senders = 0
		logging_collector = off
	END
	start
	;;
stop)
	stop
	rm -rf "$folder" "$in_memory"
	;;
end)
	cd "$folder"
	stop
	;;
restart)
	cd "$folder"
	stop "$more"
	start
	;;
*)
	exit 2
	;;
esac
