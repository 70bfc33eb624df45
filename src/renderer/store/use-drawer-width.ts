/** In a narrow window the inspector is a drawer over the graph; its measures are those of App.module.css. */
import { useEffect, useState } from "react";

const NARROW = "(max-width: 900px)";
const DRAWER_PX = 360;
const MAX_SHARE = 0.86;

/** How much of the graph's right side the open drawer covers; 0 in a wide window. */
export function useDrawerWidth(isOpen: boolean): number {
  const [widthPx, setWidthPx] = useState(measure);
  useEffect(() => {
    const update = (): void => setWidthPx(measure());
    window.addEventListener("resize", update);
    return () => window.removeEventListener("resize", update);
  }, []);
  return isOpen ? widthPx : 0;
}

const measure = (): number => (matchMedia(NARROW).matches ? Math.min(DRAWER_PX, innerWidth * MAX_SHARE) : 0);
