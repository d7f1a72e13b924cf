-- Numbers of raw pieces are not given twice: a leg whose piece was retired must
-- never point at somebody else's record.

INSERT INTO counters (name, value) SELECT 'raw', max(numbers.n) FROM
	(SELECT coalesce(max(id), 0) AS n FROM raw UNION ALL SELECT coalesce(max(raw_id), 0) FROM legs) AS numbers;
