DROP TABLE opportunity_sights;
--bun:split
DROP INDEX notices_buyer_name;
--bun:split
DROP INDEX notices_buyer_siren;
--bun:split
DROP TABLE procurement_pairs;
