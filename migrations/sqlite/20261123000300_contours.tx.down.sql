DROP TABLE contours;
--bun:split
DROP TABLE contour_layers;
