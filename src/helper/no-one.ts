/**
 * A user that is nobody else: no distribution, container or service manager gives this number away. "nobody" (65534)
 * would be shared with services, which could then send us signals.
 */
export const NO_ONE = 2_147_450_881;
