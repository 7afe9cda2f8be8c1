package dev.spillway.core.report;

import dev.spillway.core.model.Names;
import dev.spillway.core.model.Pod;

/** What becomes of a bound pod whose instance cannot be created, or does not start (R11.1, R11.2, R11.6): a bound pod itself cannot go elsewhere. */
public enum FailStrategy {
    /** It stays Pending and is asked for again in its zone: {@code fail-back}, no word, or one unknown here. */
    ASK_AGAIN,

    /** Likewise, until there is another place that is worth asking; then its owner's next pod goes there: {@code fail-over}. */
    GIVE_WAY,

    /** It fails at once, reason ProviderFailed, and its owner decides: {@code fail-fast} (E55). */
    FAIL;

    /** The strategy that the pod names, or its unit named. */
    public static FailStrategy of(Pod pod) {
        return switch (pod.annotations().getOr(Names.FAIL_STRATEGY, "")) {
            case "fail-fast" -> FAIL;
            case "fail-over" -> GIVE_WAY;
            default -> ASK_AGAIN;
        };
    }
}
