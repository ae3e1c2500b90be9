// Package mesh is the map of the communes: who lies beside whom, where the border
// of any group of communes runs, and how to draw both. By default the map is
// indicative: Voronoi cells of the communes' representative points, cut on coasts
// and frontiers (a cell that goes beyond 8.5 km stops at a circle of about the
// commune's own area), computed once by generate/ and embedded. Official contours loaded by
// the operator make another Mesh with the same methods (see package contours).
//
// Borders are kept as shared edges with the commune on either side, so that the
// border of an EPCI, a département or any perimeter is the edges whose two sides
// differ, and neighbours fit exactly at every scale.
//
// It refuses to invent: a commune without a point has no cell and is reported by
// name wherever it should have been drawn. The cells settle no question of right
// (who belongs where is a matter of sets, in package territories); they only show.
package mesh
