-- The tables of an Evergrain store in PostgreSQL 13 or newer. A host makes them itself where its role may; where it may not, run this as a role that
-- may, and grant the host's role:
--   GRANT USAGE ON SCHEMA evergrain TO host_role;
--   GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA evergrain TO host_role;
--   GRANT USAGE ON ALL SEQUENCES IN SCHEMA evergrain TO host_role;
CREATE SCHEMA IF NOT EXISTS evergrain;

CREATE TABLE evergrain.store (one int PRIMARY KEY CHECK (one = 1), schema bigint NOT NULL);
INSERT INTO evergrain.store VALUES (1, 1);

-- Etags are never given twice, not even to an entity that was gone meanwhile.
CREATE SEQUENCE evergrain.etag;

-- Kind, key, etag, epoch and whether it is in the wake-up index are columns; the rest of a record is its bytes. "C" is the order of characters.
CREATE TABLE evergrain.entity (
    kind text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    etag bigint NOT NULL,
    epoch bigint NOT NULL,
    wakes boolean NOT NULL,
    record bytea NOT NULL,
    PRIMARY KEY (kind, key)) WITH (fillfactor = 80);
CREATE INDEX entity_wake_up ON evergrain.entity (kind, key) WHERE wakes;

CREATE TABLE evergrain.cluster (one int PRIMARY KEY CHECK (one = 1), etag bigint NOT NULL, record text NOT NULL);
CREATE TABLE evergrain.release (epoch bigint PRIMARY KEY, content text NOT NULL);
CREATE TABLE evergrain.rollout (number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, content text NOT NULL);
CREATE TABLE evergrain.package (
    name text COLLATE "C" NOT NULL,
    version text COLLATE "C" NOT NULL,
    digest text NOT NULL UNIQUE,
    size bigint NOT NULL,
    manifest text NOT NULL,
    bytes bytea NOT NULL,
    PRIMARY KEY (name, version));
