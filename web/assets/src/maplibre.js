// The parts of MapLibre that we use, in one place.
import { AttributionControl, Map, NavigationControl, setWorkerUrl } from "maplibre-gl";

export default { AttributionControl, Map, NavigationControl, setWorkerUrl };
