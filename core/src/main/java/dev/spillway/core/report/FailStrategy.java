package dev.spillway.core.report;

import dev.spillway.core.model.Names;
import dev.spillway.core.model.Pod;

/** What becomes of a bound pod whose instance cannot be created (R11.1, R11.2): a bound pod cannot go elsewhere. */
public enum FailStrategy {
    /** It stays Pending and is asked for again in its zone: {@code fail-back}, {@code fail-over}, no word, or one unknown here. */
    ASK_AGAIN,

    /** It fails at once, reason ProviderFailed, and its owner decides: {@code fail-fast} (E55). */
    FAIL;

    public static FailStrategy of(Pod pod) {
        return pod.annotations().has(Names.FAIL_STRATEGY, "fail-fast") ? FAIL : ASK_AGAIN;
    }
}
