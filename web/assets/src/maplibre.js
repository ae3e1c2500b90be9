// The parts of MapLibre that we use, in one place.
import { AttributionControl, Map, NavigationControl, Popup, setWorkerUrl } from "maplibre-gl";

export default { AttributionControl, Map, NavigationControl, Popup, setWorkerUrl };
