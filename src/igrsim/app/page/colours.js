/** Cividis at eleven places: light to dark for every eye, and in grey. */
const STOPS = ["#00224e", "#123570", "#3b496c", "#575d6d", "#707173", "#8a8678", "#a59c74", "#c3b369", "#e1cc55", "#f2dd3e", "#fee838"];

/** The colour of a value on a scale from low to high; what lies beyond has the colour of the end. */
export function colour(value, [low, high]) {
  const place = Math.min(Math.max((value - low) / (high - low), 0), 1) * (STOPS.length - 1);
  const below = Math.min(Math.floor(place), STOPS.length - 2), part = place - below;
  const [a, b] = [STOPS[below], STOPS[below + 1]].map((hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16)));
  return `rgb(${a.map((c, i) => Math.round(c + part * (b[i] - c))).join(",")})`;
}

/** Ink that can be read on a value's colour. */
export function ink(value, [low, high]) {
  return (value - low) / (high - low) > 0.45 ? "#1a1a1a" : "#fff";
}

export const STOPS_OF_SCALE = STOPS;
export const LOOKS = { first: { colour: "#0072b2", dash: [1, 0] }, second: { colour: "#b34a00", dash: [8, 4] } };
