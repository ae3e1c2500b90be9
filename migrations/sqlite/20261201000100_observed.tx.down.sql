DROP TABLE series_breaks;
--bun:split
DROP TABLE reference_hours;
--bun:split
DROP TABLE observed_answers;
--bun:split
DROP TABLE observed_trainings;
--bun:split
DROP TABLE observed_placements;
--bun:split
DROP TABLE observed_exits;
--bun:split
DROP TABLE observed_hours;
--bun:split
DROP TABLE observed_contracts;
--bun:split
DROP TABLE observed_workers;
--bun:split
DROP TABLE observed_years;
--bun:split
DROP TABLE observed_enterprises;
--bun:split
DROP TABLE observed_rejections;
--bun:split
DROP TABLE observed_batches;
