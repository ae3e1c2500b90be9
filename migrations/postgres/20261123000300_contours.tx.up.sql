-- Official contours that replace the indicative mesh, a layer at a time. Rows of a layer whose
-- digest is not the one in contour_layers belong to a load that did not finish.
CREATE TABLE contour_layers (
  layer text NOT NULL PRIMARY KEY,
  digest text NOT NULL,
  vintage text NOT NULL,
  source text NOT NULL,
  licence text NOT NULL,
  territories bigint NOT NULL,
  missing bigint NOT NULL,
  loaded_at timestamptz NOT NULL
);
--bun:split
CREATE TABLE contours (
  layer text NOT NULL,
  digest text NOT NULL,
  code text NOT NULL,
  geometry bytea NOT NULL,
  PRIMARY KEY (layer, digest, code)
);
