-- The history of any number of accounts and machines as two tables, for bills, audits and joins with what else
-- you keep. PostgreSQL 15 or later, no extension. May be run again at any time.
--     psql -f schema.sql DATABASE
--     socd-tui history --format csv | psql -v account=main -f load.sql DATABASE

SET client_min_messages = warning;  -- not of what is there already

CREATE TABLE IF NOT EXISTS socd_key (
    account text NOT NULL,
    key_id  uuid NOT NULL,
    origin  text NOT NULL,
    name    text,
    prefix  text,
    owner   text,
    seen_at timestamptz NOT NULL,
    PRIMARY KEY (account, key_id)
);
COMMENT ON TABLE socd_key IS 'A key as it was called when it was seen last; owner is null where nobody claims it.';

CREATE TABLE IF NOT EXISTS socd_day (
    account   text NOT NULL,
    key_id    uuid NOT NULL,
    day       date NOT NULL,
    requests  bigint,
    errors    bigint,
    throttled bigint,
    partial   boolean NOT NULL,
    seen_at   timestamptz NOT NULL,
    PRIMARY KEY (account, key_id, day),
    FOREIGN KEY (account, key_id) REFERENCES socd_key
);
COMMENT ON TABLE socd_day IS 'A UTC day of a key, as it was seen last. 429s (throttled) are part of errors (4xx and 5xx), errors part of requests. Null is unknown, never 0; a day without a row was not seen.';
COMMENT ON COLUMN socd_day.partial IS 'The day was not over when it was seen.';
CREATE INDEX IF NOT EXISTS socd_day_by_day ON socd_day (day) INCLUDE (requests, errors, throttled);

-- Who used how much in which month; without the day that still fills. Each sum is of the days that tell it.
CREATE OR REPLACE VIEW socd_month AS
SELECT account,
       owner,
       name,
       prefix,
       key_id,
       date_trunc('month', day)::date AS month,
       count(*) AS days,
       sum(requests) AS requests,
       sum(errors) AS errors,
       sum(throttled) AS throttled
FROM socd_day
JOIN socd_key USING (account, key_id)
WHERE NOT partial
GROUP BY account, owner, name, prefix, key_id, month;

-- Who pays for the third quarter:
--     SELECT coalesce(owner, 'nobody') AS owner, sum(requests) FROM socd_month
--     WHERE month BETWEEN '2026-07-01' AND '2026-09-01' GROUP BY 1 ORDER BY 2 DESC;
-- Who was over 1,000 requests a day, and how often:
--     SELECT name, prefix, count(*) FROM socd_day JOIN socd_key USING (account, key_id)
--     WHERE requests - throttled >= 1000 GROUP BY 1, 2 ORDER BY 3 DESC;
-- The share of requests that failed, week by week, 429 left out:
--     SELECT name, date_trunc('week', day)::date AS week,
--            round((sum(errors) - sum(throttled)) / nullif(sum(requests) - sum(throttled), 0), 4) AS failed
--     FROM socd_day JOIN socd_key USING (account, key_id)
--     WHERE errors IS NOT NULL AND throttled IS NOT NULL GROUP BY 1, 2 ORDER BY 2, 3 DESC;
-- Days that nobody saw:
--     SELECT name, d::date FROM socd_key, generate_series(current_date - 90, current_date - 1, '1 day') AS d
--     WHERE NOT EXISTS (SELECT FROM socd_day AS s WHERE (s.account, s.key_id, s.day) = (socd_key.account, socd_key.key_id, d));
