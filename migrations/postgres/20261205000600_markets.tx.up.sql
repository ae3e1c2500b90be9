-- What became of each market that the network was shown or won, once whatever told of
-- it, and which organisations and prospects are behind. Both can be made again from the rest.
CREATE TABLE market_figures (
  key text PRIMARY KEY,
  root bigint NOT NULL,
  shown_at timestamptz,
  answered_at timestamptz,
  over_at timestamptz,
  submitted_on text NOT NULL,
  won_on text NOT NULL,
  noticed boolean NOT NULL,
  hours double precision NOT NULL,
  scope text NOT NULL,
  perimeter text NOT NULL,
  region text NOT NULL,
  departement text NOT NULL,
  epci text NOT NULL
);
--bun:split
CREATE INDEX market_figures_root ON market_figures (root, key);
--bun:split
CREATE TABLE market_parts (
  market_key text NOT NULL REFERENCES market_figures (key) ON DELETE CASCADE,
  role text NOT NULL,
  ref bigint NOT NULL,
  PRIMARY KEY (market_key, role, ref)
);
--bun:split
CREATE INDEX market_parts_ref ON market_parts (role, ref);
