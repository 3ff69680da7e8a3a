/** Great-circle distance in kilometres (haversine, mean radius): good to half a percent, more than sites need. Degrees, WGS 84. */
export interface Point {
  readonly latitude: number;
  readonly longitude: number;
}

const EARTH_KM = 6_371.0088;

export function distanceKm(a: Point, b: Point): number {
  const lat = radians(b.latitude - a.latitude);
  const lon = radians(b.longitude - a.longitude);
  const h =
    Math.sin(lat / 2) ** 2 +
    Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * Math.sin(lon / 2) ** 2;
  return 2 * EARTH_KM * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** A site without coordinates says 0, 0, where no charger stands. */
export function isPlaced({ latitude, longitude }: Partial<Point>): boolean {
  return latitude !== undefined && longitude !== undefined && (latitude !== 0 || longitude !== 0);
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}
