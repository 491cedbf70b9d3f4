-- Takes what `socd-tui history --format csv` prints from standard input:
--     socd-tui history --format csv | psql -v account=main -f load.sql DATABASE
-- All of it or nothing. The newest figures of a day win, whoever sends them and in whatever order, so any number of
-- machines may load the same days: a second time changes no row. What a newer answer leaves unsaid stays.
\set ON_ERROR_STOP on
\if :{?account}
\else
    DO $$ BEGIN RAISE EXCEPTION 'Name the account: psql -v account=main -f load.sql DATABASE'; END $$;
\endif

BEGIN;
CREATE TEMP TABLE incoming (
    origin text, key_id uuid, name text, prefix text, owner text, date date,
    requests bigint, errors bigint, throttled bigint, partial boolean, missing boolean, seen_at timestamptz
) ON COMMIT DROP;
\copy incoming FROM pstdin WITH (FORMAT csv, HEADER match)

-- A sign before what a spreadsheet would run is of the file alone.
INSERT INTO socd_key AS known (account, key_id, origin, name, prefix, owner, seen_at)
SELECT DISTINCT ON (key_id) :'account', key_id, origin, regexp_replace(name, '^''(?=[=+@＝＋－＠-])', ''), prefix, owner, seen_at
FROM incoming
WHERE NOT missing
ORDER BY key_id, seen_at DESC
ON CONFLICT (account, key_id) DO UPDATE
SET origin = excluded.origin, name = excluded.name, prefix = excluded.prefix, owner = excluded.owner,
    seen_at = excluded.seen_at
WHERE excluded.seen_at >= known.seen_at
  AND (known.origin, known.name, known.prefix, known.owner, known.seen_at)
      IS DISTINCT FROM (excluded.origin, excluded.name, excluded.prefix, excluded.owner, excluded.seen_at);

WITH taken AS (
    INSERT INTO socd_day AS known (account, key_id, day, requests, errors, throttled, partial, seen_at)
    SELECT :'account', key_id, date, requests, errors, throttled, partial, seen_at
    FROM incoming
    WHERE NOT missing
    ON CONFLICT (account, key_id, day) DO UPDATE
    SET requests = coalesce(excluded.requests, known.requests),
        errors = coalesce(excluded.errors, known.errors),
        throttled = coalesce(excluded.throttled, known.throttled),
        partial = excluded.partial AND known.partial,
        seen_at = excluded.seen_at
    WHERE excluded.seen_at > known.seen_at
    RETURNING 1
)
SELECT count(*) AS days_taken FROM taken;
COMMIT;
