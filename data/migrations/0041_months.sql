-- Legs and calls by the month of their begin, on PostgreSQL (SQLite keeps one tree, whose
-- end is all that is written): a month that is past its time goes as a whole, and questions
-- about a day look into its month alone.
--
-- A key is a begin << 20, so the key itself says the month: it stays the primary key, is
-- unique among all months, and a record that comes again finds the row of the first time.
-- What there was before stays as one part, up to the end of the month of this migration;
-- nothing of it is copied. Begins that are nobody's (before 2010, after 2099) have a part each.
DO $months$
DECLARE
	parent name;
	kept name;
	one record;
	first_key BIGINT;
	newest BIGINT;
	behind_all BIGINT;
	never BIGINT := 1262304000000 << 20; -- 2010-01-01
	ever BIGINT := 4102444800000 << 20; -- 2100-01-01
BEGIN
	-- The parts of both tables. The first has no lower, the last no upper end.
	CREATE VIEW months AS SELECT p.relname AS parent, c.relname AS part,
		CAST(substring(pg_get_expr(c.relpartbound, c.oid) FROM 'FROM \(''?(-?[0-9]+)') AS BIGINT) AS first,
		CAST(substring(pg_get_expr(c.relpartbound, c.oid) FROM 'TO \(''?(-?[0-9]+)') AS BIGINT) AS behind
		FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent JOIN pg_class c ON c.oid = i.inhrelid
		WHERE p.oid IN (to_regclass('legs'), to_regclass('calls'));

	-- There is a part for this key, and for all from first on and before behind. No reader
	-- waits for it to be made: it is made beside, and attached.
	CREATE FUNCTION month_ready(key BIGINT, OUT first BIGINT, OUT behind BIGINT) LANGUAGE plpgsql SECURITY DEFINER AS $body$
	DECLARE
		whole name;
		part name;
		month timestamp;
	BEGIN
		FOREACH whole IN ARRAY ARRAY['legs', 'calls'] LOOP
			SELECT coalesce(m.first, -9223372036854775808), coalesce(m.behind, 9223372036854775807) INTO first, behind FROM months m
				WHERE m.parent = whole AND (m.first IS NULL OR m.first <= key) AND (m.behind IS NULL OR m.behind > key);
			CONTINUE WHEN FOUND;
			month := date_trunc('month', to_timestamp((key >> 20) / 1000) AT TIME ZONE 'UTC');
			first := (CAST(extract(epoch FROM month) AS BIGINT) * 1000) << 20;
			behind := (CAST(extract(epoch FROM month + interval '1 month') AS BIGINT) * 1000) << 20;
			part := whole || to_char(month, '_YYYY_MM');
			EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', part, whole);
			EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)', whole, part, first, behind);
		END LOOP;
	END $body$;

	-- The oldest part that ends there or before, and in which no open alert's record is, goes:
	-- how many rows that were, and one. 0: there is none, or somebody looks at it just now.
	CREATE FUNCTION month_retire(until BIGINT) RETURNS BIGINT LANGUAGE plpgsql SECURITY DEFINER AS $body$
	DECLARE
		one record;
		needed boolean;
		n BIGINT;
	BEGIN
		PERFORM set_config('lock_timeout', '500ms', true);
		FOR one IN SELECT * FROM months m WHERE m.first IS NOT NULL AND m.behind <= until ORDER BY m.behind, m.parent LOOP
			needed := CASE one.parent WHEN 'calls' THEN EXISTS (SELECT 1 FROM evidence e JOIN alerts a ON a.id = e.alert_id JOIN legs l ON l.id = e.leg_id
					WHERE a.rank > 0 AND l.call_id >= one.first AND l.call_id < one.behind)
				ELSE EXISTS (SELECT 1 FROM evidence e JOIN alerts a ON a.id = e.alert_id
					WHERE a.rank > 0 AND e.leg_id >= one.first AND e.leg_id < one.behind) END;
			CONTINUE WHEN needed;
			EXECUTE format('SELECT count(*) + 1 FROM %I', one.part) INTO n;
			EXECUTE format('DROP TABLE %I', one.part);
			-- Whoever writes elsewhere took it for there: now it asks anew (store/store.c).
			UPDATE counters SET value = value + 1 WHERE name = 'page';
			RETURN n;
		END LOOP;
		RETURN 0;
	EXCEPTION WHEN lock_not_available THEN
		RETURN 0;
	END $body$;

	-- Who may write rows need not be the tables' owner; what they name is here, whoever calls.
	EXECUTE format('ALTER FUNCTION month_ready(BIGINT) SET search_path = %I, pg_temp', current_schema());
	EXECUTE format('ALTER FUNCTION month_retire(BIGINT) SET search_path = %I, pg_temp', current_schema());
	REVOKE ALL ON FUNCTION month_ready(BIGINT) FROM PUBLIC;
	REVOKE ALL ON FUNCTION month_retire(BIGINT) FROM PUBLIC;

	FOREACH parent IN ARRAY ARRAY['legs', 'calls'] LOOP
		kept := parent || '_before';
		EXECUTE format('ALTER TABLE %I RENAME TO %I', parent, kept);
		FOR one IN SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = to_regclass(quote_ident(kept)) LOOP
			EXECUTE format('ALTER INDEX %I RENAME TO %I', one.relname, 'before_' || one.relname);
		END LOOP;
		EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL EXCLUDING INDEXES, PRIMARY KEY (id)) PARTITION BY RANGE (id)', parent, kept);
	END LOOP;
	CREATE INDEX calls_correlation ON calls (day, correlation_hash);
	CREATE INDEX calls_user ON calls (day, user_id, location_id, direction, country, call_type_id);
	CREATE INDEX calls_number ON calls ((day / 7), far_number, day);

	-- The first part ends with the month of the newest record that is none of the future.
	SELECT max(id) INTO newest FROM (SELECT max(id) AS id FROM legs_before WHERE id < (CAST(extract(epoch FROM now()) AS BIGINT) * 1000) << 20
		UNION ALL SELECT max(id) FROM calls_before WHERE id < (CAST(extract(epoch FROM now()) AS BIGINT) * 1000) << 20) AS n;
	behind_all := greatest(never, coalesce((CAST(extract(epoch FROM date_trunc('month', to_timestamp((newest >> 20) / 1000) AT TIME ZONE 'UTC')
		+ interval '1 month') AS BIGINT) * 1000) << 20, never));
	FOREACH parent IN ARRAY ARRAY['legs', 'calls'] LOOP
		kept := parent || '_behind';
		EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', kept, parent);
		EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%s) TO (MAXVALUE)', parent, kept, ever);
	END LOOP;
	-- Those of the future go into their months. Few, unless a simulator's clock is ahead.
	first_key := behind_all;
	LOOP
		SELECT min(id) INTO first_key FROM (SELECT min(id) AS id FROM legs_before WHERE id >= first_key UNION ALL SELECT min(id) FROM calls_before WHERE id >= first_key) AS n;
		EXIT WHEN first_key IS NULL OR first_key >= ever;
		SELECT behind INTO first_key FROM month_ready(first_key);
	END LOOP;
	FOREACH parent IN ARRAY ARRAY['legs', 'calls'] LOOP
		kept := parent || '_before';
		EXECUTE format('INSERT INTO %I SELECT * FROM %I WHERE id >= %s', parent, kept, behind_all);
		EXECUTE format('DELETE FROM %I WHERE id >= %s', kept, behind_all);
		EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (MINVALUE) TO (%s)', parent, kept, behind_all);
	END LOOP;
END $months$;
