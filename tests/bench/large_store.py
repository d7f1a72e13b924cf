# SPDX-License-Identifier: Apache-2.0
"""A store of any size for benchmarks: the program makes it, SQL fills it.

Alerts and calls are drawn from a few hundred people, seven sites and sixty rules, so that lists, groups and filters
meet what they would in years of records; legs and evidence only stand behind the newest alerts."""
import os, re, sqlite3, subprocess

SITES = ["Bogotá", "Colombia Nueva-Produccion", "Medellín", "Costa Rica", "Denver", "Guatemala Mesa", "NOC-El Salvador"]
NOW_MS = 1_790_000_000_000


def numbers(n):
    """0 .. n-1 as a table x(i)."""
    return f"WITH RECURSIVE x(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM x WHERE i + 1 < {n})"


def words(db):
    texts = SITES + [f"{i:08x}-0000-4000-8000-000000000000" for i in range(1, 2001)] + [f"Persona {i:04d}" for i in range(1, 2001)]
    first = db.execute("SELECT coalesce(max(id), 0) + 1 FROM words").fetchone()[0]
    db.executemany("INSERT INTO words (id, text) VALUES (?, ?)", [(first + i, t) for i, t in enumerate(texts)])
    return first


def due_next():
    """What a store of before had is put into the order of what is due by this statement of the migration."""
    with open(os.path.join(os.path.dirname(__file__), "../../data/migrations/0050_due.sql"), encoding="utf-8") as file:
        return re.search(r"^UPDATE alerts SET urgency .*?;", file.read(), re.MULTILINE | re.DOTALL).group()


def fill_alerts(db, n, n_open):
    """The newest n_open wait; every third belongs to the case of the one before."""
    site = "CASE (i * 31) % 7 " + " ".join(f"WHEN {k} THEN '{name}'" for k, name in enumerate(SITES)) + " END"
    columns = [row[1] for row in db.execute("PRAGMA table_info(alerts)")]
    value = {
        "id": "i + 1", "revision": "i + 1", "fingerprint": "(i * 7919) % 400000", "open": f"i >= {n - n_open}",
        "severity": "CASE WHEN i % 97 = 0 THEN 3 WHEN i % 7 = 0 THEN 2 WHEN i % 2 = 0 THEN 1 ELSE 0 END",
        "score": "(i * 37) % 101", "state": f"CASE WHEN i < {n - n_open} THEN 3 WHEN i % 11 = 0 THEN 1 ELSE 0 END",
        "resolution": f"CASE WHEN i < {n - n_open} THEN 1 + i % 6 ELSE 0 END", "subject_kind": "CASE WHEN i % 5 = 0 THEN 2 ELSE 0 END",
        "subject_id": "printf('%08x-0000-4000-8000-000000000000', 1 + (i * 17) % 2000)", "subject_name": "printf('Persona %04d', 1 + (i * 17) % 2000)",
        "location": site, "rule": "printf('rule_%02d', (i * 13) % 60)",
        "title_en": "printf('Calls to a risky destination, kind %02d', (i * 13) % 60)",
        "title_es": "printf('Llamadas a un destino de riesgo, tipo %02d', (i * 13) % 60)",
        "why_en": "printf('%d calls in %d minutes, usually %d', 3 + i % 40, 1 + i % 9, i % 3)",
        "why_es": "printf('%d llamadas en %d minutos, lo usual %d', 3 + i % 40, 1 + i % 9, i % 3)",
        "first_ms": f"{NOW_MS} - ({n} - i) * 30000 - 60000", "last_ms": f"{NOW_MS} - ({n} - i) * 30000", "raised_ms": f"{NOW_MS} - ({n} - i) * 30000",
        "acknowledged_ms": "0", "closed_ms": f"CASE WHEN i < {n - n_open} THEN {NOW_MS} - ({n} - i) * 30000 + 600000 ELSE 0 END", "snooze_until_ms": "0",
        "n_legs": "1 + (i * 29) % 200", "n_notes": "0", "cost_micro": "(i * 7919) % 90000000", "cost_per_hour_micro": "0",
        "assignee": "CASE i % 11 WHEN 0 THEN 'ana' WHEN 1 THEN 'luis' ELSE '' END", "reasons": "'[]'", "case_id": "CASE WHEN i % 3 = 2 THEN i ELSE i + 1 END",
        "silence_until_ms": "0", "kept_back": "0", "rank": f"CASE WHEN i < {n - n_open} THEN 0 ELSE 2 END",
    }
    known = [c for c in columns if c in value]
    db.execute(f"{numbers(n)} INSERT INTO alerts ({', '.join(known)}) SELECT {', '.join(value[c] for c in known)} FROM x")
    db.execute(due_next())
    db.execute("UPDATE counters SET value = ? WHERE name IN ('revision', 'alert')", (n,))


def fill_calls(db, n, first_word):
    site, user, name = first_word, first_word + len(SITES), first_word + len(SITES) + 2000
    step = 365 * 86400_000 // max(n, 1)
    db.execute(f"""{numbers(n)} INSERT INTO calls (id, journey_id, correlation, correlation_hash, day, start_ms, last_start_ms, end_ms, talk_s, ring_s,
        direction, flags, n_legs, class, tier, country, cost_micro, user_id, user_name_id, user_number_id, location_id, call_type_id, trunk_id, far_number, far_name)
        SELECT (t << 20) | (i & 1048575), (t << 20) | (i & 1048575), x'00', i, t / 86400000, t, t, t + 60000, (i * 13) % 900, 5, i % 4, 1, 1, 1, i % 5, 'CO',
        (i * 7) % 90000, {user} + p, {name} + p, NULL, {site} + i % 7, NULL, NULL,
        printf('+57%010d', 3000000000 + (i * 7919) % 2000000), NULL
        FROM (SELECT i, (i * 17) % 2000 AS p, {NOW_MS} - ({n} - i) * {step} AS t FROM x)""")


def is_made(path, n_alerts):
    """Is there a store of so many alerts? One of fewer is none of ours: what is measured on it would be said of another."""
    if not os.path.exists(path) or os.path.getsize(path) == 0:
        return False
    db = sqlite3.connect(path)
    have = db.execute("SELECT count(*) FROM alerts").fetchone()[0]
    db.close()
    if have < n_alerts:
        raise SystemExit("%s has %d alerts, not %d: take it away, or name another BENCH_STORE" % (path, have, n_alerts))
    return True


def import_nothing(program, path, env):
    subprocess.run([program, "--store", path, "import", "/dev/null"], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)


def make(program, path, n_alerts, n_open, n_calls, env):
    """A new store at this path; the program makes its tables."""
    import_nothing(program, path, env)
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA synchronous = OFF")
    db.execute("PRAGMA cache_size = -400000")
    db.execute("BEGIN")
    first = words(db)
    fill_alerts(db, n_alerts, n_open)
    fill_calls(db, n_calls, first)
    db.execute("UPDATE counters SET value = 9223372036854775807 WHERE name IN ('far_ends_below', 'call_bounds_below')")
    db.execute("COMMIT")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    os.chmod(path, 0o600)
    import_nothing(program, path, env)  # which ends with what is known of all those calls
