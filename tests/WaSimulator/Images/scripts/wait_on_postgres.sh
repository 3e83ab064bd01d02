#!/bin/sh
# Waits until the database server takes connections, then becomes the command that it was given.
# As process 1 a shell ignores SIGTERM unless it says otherwise.
trap 'exit 143' TERM INT
host=${WA_DB_HOSTNAME:-db}
port=${WA_DB_PORT:-5432}
until nc -w 2 "$host" "$port" </dev/null >/dev/null 2>&1; do
    echo "Waiting for the database at $host:$port"
    sleep 1 &
    wait $!
done
trap - TERM INT
exec "$@"
