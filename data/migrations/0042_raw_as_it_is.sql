-- Raw evidence is zstd already: PostgreSQL keeps it as it comes and does not try again.
DO $raw$ BEGIN
	ALTER TABLE raw ALTER COLUMN zstd SET STORAGE EXTERNAL;
END $raw$;
