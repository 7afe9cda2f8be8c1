package dev.spillway.kubelet.access;

/** Whether somebody may. */
public sealed interface Verdict {
    /** Yes. */
    record Allowed() implements Verdict {}

    /** No. */
    record Denied() implements Verdict {}

    /** The home cluster did not say, which is no yes. */
    record Unknown(String why) implements Verdict {}
}
