// The mock must be there before the renderer's composition root runs.
import "./install-mock.ts";
import "../../src/renderer/main.tsx";
